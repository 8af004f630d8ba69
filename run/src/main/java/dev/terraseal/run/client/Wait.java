package dev.terraseal.run.client;

import java.util.Locale;

/** How far an event should be before the pipeline answers. */
public enum Wait {
    /** 202 as soon as it is on disk. */
    ACCEPTED,
    /** A receipt with a signature. */
    SIGNED,
    /** A receipt with a proof under a checkpoint in the archive. */
    CHECKPOINT;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
