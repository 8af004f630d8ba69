package dev.terraseal.store;

import java.time.Instant;

/**
 * One entry of an object's history.
 *
 * @param id the store's own id of it
 * @param deleteMarker true where someone deleted the name without touching the versions below
 * @param length bytes, 0 for a delete marker
 * @param modified the store's clock
 */
public record Version(String id, boolean deleteMarker, long length, Instant modified) {}
