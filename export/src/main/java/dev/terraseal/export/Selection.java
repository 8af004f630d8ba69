package dev.terraseal.export;

import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.verifier.bundle.Draw;

/** Which entries an export holds. */
public sealed interface Selection {
    /** Every entry under the newest checkpoint. */
    record All() implements Selection {}

    /** Entries {@code first} to {@code end − 1}. */
    record Range(long first, long end) implements Selection {
        public Range {
            if (first < 0 || end <= first) {
                throw new IllegalArgumentException("a range has 0 <= from < to, not " + first + " and " + end);
            }
        }
    }

    /** The smallest contiguous range that holds every entry received at or after {@code since} and before {@code until}. */
    record Received(Timestamp since, Timestamp until) implements Selection {
        public Received {
            if (until.compareTo(since) <= 0) {
                throw new IllegalArgumentException("--until " + until + " is not after --since " + since);
            }
        }
    }

    /** Every entry of a stream below the newest heads entry, and that heads entry, which proves that these are all. */
    record Stream(StreamId stream) implements Selection {}

    /** The applies that changed the resource at an address, in any stream. Their completeness is not proven. */
    record Address(String address) implements Selection {}

    /**
     * A sample of what another selection gives, drawn by a seed so that the reader can draw it again (FORMATS section 8).
     *
     * @param count entries of ordinary streams
     */
    record Sample(Selection population, long count, String seed) implements Selection {
        public Sample {
            if (population instanceof Sample) {
                throw new IllegalArgumentException("a sample is drawn of entries, not of another sample");
            }
            Draw.requirePossible(count, seed);
        }
    }
}
