package dev.terraseal.core.timestamp;

/** A token that is none, or that does not hold: evidence against what was given, never a passing disturbance. */
public final class TokenException extends Exception {
    private static final long serialVersionUID = 1L;

    public TokenException(String message) {
        super(message);
    }

    public TokenException(String message, Throwable cause) {
        super(message, cause);
    }
}
