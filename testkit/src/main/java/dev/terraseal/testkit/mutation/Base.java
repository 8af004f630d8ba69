package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.LogFixture;
import java.util.List;

/**
 * A bundle that holds, to be broken.
 *
 * @param fork another history of the same log, by the same keys; the two part after their first entry
 * @param other a log of the same shape under the same origin with keys of its own
 * @param indices the leaf indices of its artifacts
 */
public record Base(
        String name,
        LogFixture fixture,
        LogFixture fork,
        LogFixture other,
        BundleBytes bundle,
        List<Integer> indices,
        Asked asked) {
    public Base {
        indices = List.copyOf(indices);
    }

    /** Whether it holds every entry from its first to its last. */
    public boolean isContiguous() {
        return bundle.has("proofs/range.json");
    }

    public boolean isStream() {
        return bundle.has("proofs/stream.json");
    }

    static String artifact(long index) {
        return "artifacts/" + new SequenceNumber(index).padded() + ".json";
    }
}
