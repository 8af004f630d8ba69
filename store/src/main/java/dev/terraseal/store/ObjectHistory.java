package dev.terraseal.store;

import java.util.List;

/**
 * Everything a store has under one name.
 *
 * @param versions oldest first, at least one; delete markers are among them
 */
public record ObjectHistory(String name, List<Version> versions) {
    public ObjectHistory {
        versions = List.copyOf(versions);
        if (versions.isEmpty()) {
            throw new IllegalArgumentException(name + " has no history");
        }
    }

    /** What a reader who names no version is given. */
    public Version newest() {
        return versions.get(versions.size() - 1);
    }
}
