package dev.terraseal.archiver.recovery;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.statement.StatementIdentity;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.ArchivedEntry;
import dev.terraseal.store.Segment;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import java.util.Optional;
import java.util.function.Predicate;

/** Segments by their place. What is read holds together in itself; that it belongs to the log, the caller shows. */
final class SegmentReader {
    private final ArchiveReader store;

    SegmentReader(ArchiveReader store) {
        this.store = store;
    }

    /** The oldest version of {@code segments/<first>} that is chained in itself and fits {@code wanted}. */
    Optional<Segment> at(SequenceNumber first, Predicate<Segment> wanted) throws StoreException {
        Optional<Stored> stored = store.read(
                ArchiveNames.segment(first),
                content -> parse(first, content).filter(wanted).isPresent());
        return stored.flatMap(each -> parse(first, each.content()));
    }

    /** The segment that holds {@code sequence}. Segments planted beside the true ones are passed over. */
    Optional<Segment> containing(SequenceNumber sequence, Predicate<Segment> wanted) throws StoreException {
        Optional<SequenceNumber> bound = Optional.of(sequence);
        while (bound.isPresent()) {
            Optional<SequenceNumber> first = newestFirst(bound.get());
            if (first.isEmpty()) {
                return Optional.empty();
            }
            Optional<Segment> segment = at(first.get(), each -> each.end() > sequence.value() && wanted.test(each));
            if (segment.isPresent()) {
                return segment;
            }
            bound = before(first.get());
        }
        return Optional.empty();
    }

    /** The largest first sequence of a segment at or below {@code bound}. */
    Optional<SequenceNumber> newestFirst(SequenceNumber bound) throws StoreException {
        return store.newestNumbered(ArchiveNames.SEGMENTS, ArchiveNames.SEGMENT_SUFFIX, bound)
                .flatMap(ArchiveNames::segmentFirst);
    }

    static Optional<SequenceNumber> before(SequenceNumber sequence) {
        return sequence.value() == 0 ? Optional.empty() : Optional.of(new SequenceNumber(sequence.value() - 1));
    }

    private static Optional<Segment> parse(SequenceNumber first, Bytes content) {
        try {
            Segment segment = Segment.parse(first, content);
            Digest previous = null;
            long sequence = first.value();
            for (ArchivedEntry entry : segment.entries()) {
                StatementIdentity identity = StatementIdentity.scan(entry.statement());
                if (identity.sequence().value() != sequence++
                        || previous != null && !identity.prevHash().equals(previous)) {
                    return Optional.empty();
                }
                previous = Digest.of(entry.statement());
            }
            return Optional.of(segment);
        } catch (IllegalArgumentException | IndexOutOfBoundsException notOurs) {
            return Optional.empty();
        }
    }
}
