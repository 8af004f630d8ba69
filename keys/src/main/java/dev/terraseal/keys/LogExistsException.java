package dev.terraseal.keys;

/** A log was to begin where one is already declared. A log begins once. */
public final class LogExistsException extends Exception {
    private static final long serialVersionUID = 1L;

    LogExistsException(String message) {
        super(message);
    }
}
