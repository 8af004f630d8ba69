package dev.terraseal.export;

import dev.terraseal.core.keys.KeyId;
import dev.terraseal.verifier.bundle.BundleNames;
import org.jspecify.annotations.Nullable;

/**
 * An artifact that README.txt checks by hand: it carries a signature of its own and, where there is one, an artifact after
 * it names its hash.
 */
record Example(Place artifact, KeyId signer, @Nullable Place next, boolean withinStream) {
    /** Where an artifact lies: a file of its own, or a line of a shard. */
    record Place(long sequence, long index, long shardFirst) {}

    /** Finds the example while artifacts pass in order. */
    static final class Search {
        private @Nullable Example found;
        private @Nullable ArchivedEntry before;
        private @Nullable Place placeBefore;
        private long index;
        private long shardFirst;

        void see(ArchivedEntry entry) {
            if (index % BundleNames.SHARD == 0) {
                shardFirst = entry.sequence().value();
            }
            Place place = new Place(entry.sequence().value(), index, shardFirst);
            Example best = found;
            if (best == null || best.next() == null) {
                look(entry, place);
            }
            before = entry;
            placeBefore = place;
            index++;
        }

        private void look(ArchivedEntry entry, Place place) {
            ArchivedEntry previous = before;
            Place previousPlace = placeBefore;
            if (previous != null && previousPlace != null && !previous.isBatched()) {
                boolean follows =
                        previous.sequence().value() + 1 == entry.sequence().value();
                boolean inStream = previous.statement().stream().equals(entry.statement().stream())
                        && previous.statement().link().streamSequence().value() + 1
                                == entry.statement().link().streamSequence().value();
                if (follows || inStream) {
                    found = new Example(previousPlace, previous.signer(), place, !follows);
                    return;
                }
            }
            if (found == null && !entry.isBatched()) {
                found = new Example(place, entry.signer(), null, false);
            }
        }

        @Nullable Example found() {
            return found;
        }
    }
}
