package dev.terraseal.verifier;

/** The command was called wrongly (exit 2). The message says what was wrong and what to write instead. */
final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
