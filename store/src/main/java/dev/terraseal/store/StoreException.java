package dev.terraseal.store;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A store did not do what was asked. Whether a write was applied is unknown; the message names the object and the mend. */
public final class StoreException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean retryable;

    private StoreException(String message, @Nullable Throwable cause, boolean retryable) {
        super(message, cause);
        this.retryable = retryable;
    }

    /** The same call may go through later: throttling, a network or a disk that does not answer. */
    public static StoreException passing(String message, Throwable cause) {
        return new StoreException(message, cause, true);
    }

    /** As {@link #passing(String, Throwable)} where nothing was thrown. */
    public static StoreException passing(String message) {
        return new StoreException(message, null, true);
    }

    /** The same call will fail again until someone changes something: permissions, a bucket without Object Lock. */
    public static StoreException lasting(String message, Throwable cause) {
        return new StoreException(message, cause, false);
    }

    /** As {@link #lasting(String, Throwable)} where nothing was thrown. */
    public static StoreException lasting(String message) {
        return new StoreException(message, null, false);
    }

    public boolean retryable() {
        return retryable;
    }
}
