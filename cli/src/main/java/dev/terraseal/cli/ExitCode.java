package dev.terraseal.cli;

/** What a command's exit code means; the same whatever the output format. */
public final class ExitCode {
    public static final int OK = 0;
    /** A policy says no. */
    public static final int REFUSED_BY_POLICY = 1;
    /** Wrong usage or configuration. */
    public static final int USAGE = 2;
    /** Could not be done for a reason outside what was given: a store, a network, an internal error. */
    public static final int UNAVAILABLE = 3;
    /** Verification failed. */
    public static final int VERIFICATION_FAILED = 4;

    private ExitCode() {}
}
