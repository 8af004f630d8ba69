package dev.terraseal.verifier.tlog;

/** The command was asked for something it cannot be asked for. Exit code 2; the message says how to ask. */
final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
