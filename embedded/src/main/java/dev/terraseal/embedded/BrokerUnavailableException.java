package dev.terraseal.embedded;

/** The embedded broker cannot run here. The message says which directory or port is in the way and how to mend it. */
public final class BrokerUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BrokerUnavailableException(String message) {
        super(message);
    }

    public BrokerUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
