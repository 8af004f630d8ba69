package dev.terraseal.keys;

import org.jspecify.annotations.Nullable;

/**
 * A key cannot be used: as configured, where a retry would not help, or for now, because the service that has it does not
 * answer. The message names the key, the reason and what to do.
 */
public final class KeyUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean retryable;

    public KeyUnavailableException(String message) {
        this(message, null, false);
    }

    public KeyUnavailableException(String message, Throwable cause) {
        this(message, cause, false);
    }

    private KeyUnavailableException(String message, @Nullable Throwable cause, boolean retryable) {
        super(message, cause);
        this.retryable = retryable;
    }

    /** The key may well be there: whether it is, nobody answered. */
    public static KeyUnavailableException passing(String message, @Nullable Throwable cause) {
        return new KeyUnavailableException(message, cause, true);
    }

    /** Whether to ask again: a service that is away for a while must not stop a log for good. */
    public boolean retryable() {
        return retryable;
    }
}
