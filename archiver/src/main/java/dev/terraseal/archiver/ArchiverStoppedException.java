package dev.terraseal.archiver;

import org.jspecify.annotations.Nullable;

/**
 * The archive must not be continued: the stream, the archive or a key is not what it has to be. The message says what was
 * found where and what to do; nothing is tried again in this process.
 */
public final class ArchiverStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ArchiverStoppedException(String message) {
        this(message, null);
    }

    public ArchiverStoppedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
