package dev.terraseal.sequencer;

import org.jspecify.annotations.Nullable;

/** The sequencer must not go on. The message says where it stands, why, and how to mend it. */
public final class SequencerStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SequencerStoppedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
