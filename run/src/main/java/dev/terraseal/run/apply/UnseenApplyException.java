package dev.terraseal.run.apply;

/** Terraform applied to its end, but we lost sight of what it did. */
final class UnseenApplyException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    UnseenApplyException(int exitCode, Exception cause) {
        super("terraform's stream could not be followed", cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
