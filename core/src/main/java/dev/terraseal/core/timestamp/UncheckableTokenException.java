package dev.terraseal.core.timestamp;

/** Nothing is known about a token, because this program cannot check it. */
public final class UncheckableTokenException extends Exception {
    private static final long serialVersionUID = 1L;

    public UncheckableTokenException(String message) {
        super(message);
    }
}
