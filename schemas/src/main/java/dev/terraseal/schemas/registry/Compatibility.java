package dev.terraseal.schemas.registry;

import java.util.Arrays;
import java.util.Optional;

/** What a new version of a subject owes to the older ones, in Confluent's words. */
public enum Compatibility {
    NONE(false, false, false),
    BACKWARD(true, false, false),
    /** A new reader reads whatever any version ever wrote: evidence of ten years ago stays readable. */
    BACKWARD_TRANSITIVE(true, false, true),
    FORWARD(false, true, false),
    FORWARD_TRANSITIVE(false, true, true),
    FULL(true, true, false),
    FULL_TRANSITIVE(true, true, true);

    private final boolean newReadsOld;
    private final boolean oldReadsNew;
    private final boolean transitive;

    Compatibility(boolean newReadsOld, boolean oldReadsNew, boolean transitive) {
        this.newReadsOld = newReadsOld;
        this.oldReadsNew = oldReadsNew;
        this.transitive = transitive;
    }

    public static Optional<Compatibility> fromText(String text) {
        return Arrays.stream(values())
                .filter(level -> level.name().equals(text))
                .findFirst();
    }

    public boolean newReadsOld() {
        return newReadsOld;
    }

    public boolean oldReadsNew() {
        return oldReadsNew;
    }

    /** Whether every older version counts, and not the newest alone. */
    public boolean transitive() {
        return transitive;
    }
}
