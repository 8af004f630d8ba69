package dev.terraseal.verifier.trust;

import dev.terraseal.core.checkpoint.TlogPolicy;
import java.util.List;

/**
 * Who has to have cosigned a head.
 *
 * @param policy the witnesses known, and how many of them are enough
 * @param from the leaf index from which on: a head whose newest entry is before it needs no quorum, for a log is older than
 *     its witnesses
 */
public record WitnessDemand(TlogPolicy policy, long from) {
    /** Whether a head of this size has to carry the quorum. */
    boolean asksFor(long size) {
        return size > from && !policy.isMetBy(List.of());
    }
}
