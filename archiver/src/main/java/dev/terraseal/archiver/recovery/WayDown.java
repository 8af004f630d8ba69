package dev.terraseal.archiver.recovery;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.statement.StatementIdentity;
import dev.terraseal.store.Segment;
import dev.terraseal.store.StoreException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From an entry whose hash is known down to the first, each of which names the hash of the one before it. Whatever else lies
 * under the names of segments is passed over, however well it is made.
 */
final class WayDown {
    private final SegmentReader segments;
    private long next;
    private Digest hash;
    private @Nullable Segment segment;

    /** An entry on the way. */
    record Step(Digest hash, Bytes statement, StatementIdentity identity) {}

    WayDown(SegmentReader segments, SequenceNumber from, Digest hash) {
        this.segments = segments;
        this.next = from.value();
        this.hash = hash;
    }

    /** Whether the first entry of the log is behind. */
    boolean isDone() {
        return next < 0;
    }

    /** The next lower entry; empty if the archive does not hold it, or it was not within reach. */
    Optional<Step> next() throws StoreException {
        SequenceNumber at = new SequenceNumber(next);
        Segment here = segment;
        if (here == null || next < here.first().value()) {
            Digest wanted = hash;
            Optional<Segment> found = segments.containing(
                    at, each -> Digest.of(each.entry(at).statement()).equals(wanted));
            if (found.isEmpty()) {
                return Optional.empty();
            }
            here = found.get();
            segment = here;
        }
        Bytes statement = here.entry(at).statement();
        Step step = new Step(hash, statement, StatementIdentity.scan(statement));
        next--;
        hash = step.identity().prevHash();
        return Optional.of(step);
    }
}
