package dev.terraseal.store;

import dev.terraseal.core.bytes.Bytes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One version of an object as the store returned it.
 *
 * @param version the store's own id of it
 * @param alone whether the store says that nothing else was ever put under the name; false where that was not asked
 */
public record Stored(String name, String version, Bytes content, boolean alone) {
    public Stored(String name, String version, Bytes content) {
        this(name, version, content, false);
    }

    /** By the version: what lay beside it, and whether anybody asked, is no part of it. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Stored stored
                && name.equals(stored.name)
                && version.equals(stored.version)
                && content.equals(stored.content);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, version);
    }
}
