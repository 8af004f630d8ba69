package dev.terraseal.core.keys;

import org.jspecify.annotations.Nullable;

/** A signature could not be made. The message names the key and what to do. */
public final class SigningException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean retryable;

    private SigningException(String message, @Nullable Throwable cause, boolean retryable) {
        super(message, cause);
        this.retryable = retryable;
    }

    /** The same call may go through later: throttling, a network that does not answer. */
    public static SigningException passing(String message, Throwable cause) {
        return new SigningException(message, cause, true);
    }

    /** The same call will fail again until someone changes something: a disabled key, a missing permission. */
    public static SigningException lasting(String message, Throwable cause) {
        return new SigningException(message, cause, false);
    }

    /** The same, where no other failure is behind it. */
    public static SigningException lasting(String message) {
        return new SigningException(message, null, false);
    }

    public boolean retryable() {
        return retryable;
    }
}
