package dev.terraseal.store;

import dev.terraseal.core.bytes.Bytes;

/** One version of an object as the store returned it. {@code version} is the store's own id of it. */
public record Stored(String name, String version, Bytes content) {}
