package dev.terraseal.store;

import dev.terraseal.core.bytes.Bytes;

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
}
