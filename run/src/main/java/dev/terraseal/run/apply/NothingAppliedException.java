package dev.terraseal.run.apply;

/** The run ends before terraform was asked to apply: there is nothing to record. */
final class NothingAppliedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    NothingAppliedException(int exitCode) {
        super("nothing was applied");
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
