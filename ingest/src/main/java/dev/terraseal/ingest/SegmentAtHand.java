package dev.terraseal.ingest;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.ingest.follow.ArchivedEntries;
import dev.terraseal.ingest.follow.SegmentLines;
import dev.terraseal.store.StoreException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The segment that was read last, for entries that are asked for in their order: hundreds of them often lie in one, and
 * each would read megabytes. For one thread; holds a place from the first entry on.
 */
final class SegmentAtHand implements AutoCloseable {
    private final ArchivedEntries segments;
    private final SegmentRoom room;
    private @Nullable SegmentLines lines;
    private boolean entered;

    SegmentAtHand(ArchivedEntries segments, SegmentRoom room) {
        this.segments = segments;
        this.room = room;
    }

    /** The entry's line, empty where no segment has it. */
    Optional<ArchivedEntries.Line> at(SequenceNumber sequence) throws StoreException {
        SegmentLines here = lines;
        Optional<ArchivedEntries.Line> line = here == null ? Optional.empty() : here.at(sequence);
        if (line.isPresent()) {
            return line;
        }
        if (!entered) {
            room.enter();
            entered = true;
        }
        lines = null;
        Optional<SegmentLines> found = segments.holding(sequence);
        lines = found.orElse(null);
        return found.flatMap(segment -> segment.at(sequence));
    }

    @Override
    public void close() {
        lines = null;
        if (entered) {
            entered = false;
            room.leave();
        }
    }
}
