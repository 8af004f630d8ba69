package dev.terraseal.run.apply;

import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.run.client.Wait;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the caller wants of one attested apply.
 *
 * @param stream null: found from backend, repository and workspace
 * @param id null: made from time and randomness
 * @param requireReceipt exit 124 where terraform succeeded and no receipt came
 * @param until how far the event should be before the run ends
 * @param patience how long to try to reach the pipeline
 * @param instanceKeys record {@code for_each} keys as they stand
 */
public record RunOptions(
        @Nullable StreamId stream,
        @Nullable EventId id,
        @Nullable String ticket,
        @Nullable String reason,
        @Nullable String requestedBy,
        boolean requireReceipt,
        Wait until,
        Duration patience,
        boolean instanceKeys,
        boolean json) {}
