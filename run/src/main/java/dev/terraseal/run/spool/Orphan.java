package dev.terraseal.run.spool;

import dev.terraseal.core.bytes.EventId;

/**
 * A run whose process died before it could say how it ended.
 *
 * @param applied whether terraform may have changed something: its event is in the queue now
 */
public record Orphan(EventId id, boolean applied) {}
