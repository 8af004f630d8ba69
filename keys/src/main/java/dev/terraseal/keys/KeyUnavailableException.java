package dev.terraseal.keys;

/** A key cannot be used as configured. The message names the key, the reason and what to do; a retry would not help. */
public final class KeyUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    public KeyUnavailableException(String message) {
        super(message);
    }

    public KeyUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
