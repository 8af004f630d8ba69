package dev.terraseal.verifier.trust;

import dev.terraseal.core.bytes.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * How far in time what was read reaches.
 *
 * @param latest the latest time at which an entry of it was received; null if none could be read
 * @param gaps why that says nothing of what was received before it, as a sentence; empty where nothing is left out
 */
public record Reach(@Nullable Timestamp latest, String gaps) {
    /** Of entries without gaps, in the log or in the one stream they are of. */
    public static Reach to(@Nullable Timestamp latest) {
        return new Reach(latest, "");
    }
}
