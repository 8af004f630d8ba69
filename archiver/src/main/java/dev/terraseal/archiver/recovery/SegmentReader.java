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
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Segments by their place. What is read holds together in itself; that it belongs to the log, the caller shows. For one
 * reading of an archive: what was found out about a name is remembered.
 */
final class SegmentReader {
    private final ArchiveReader store;
    private final NumberedNames names;
    /** Where segments end that were found to be the log's, by their first sequence: looked at before all others. */
    private final TreeMap<Long, Long> ours = new TreeMap<>();
    /** Where the longest of all versions under a name ends, by the number in the name. */
    private final Map<Long, Long> ends = new HashMap<>();

    private int reach = Integer.MAX_VALUE;
    private boolean cutShort;

    SegmentReader(ArchiveReader store) {
        this.store = store;
        this.names = new NumberedNames(store, ArchiveNames.SEGMENTS, ArchiveNames.SEGMENT_SUFFIX);
    }

    /**
     * How many names {@link #containing} looks at from here on. Whoever asks for what somebody else claims does not read the
     * whole log for it.
     */
    void reach(int most) {
        reach = most;
        cutShort = false;
    }

    /** Whether more reach could have found more. */
    boolean wasCutShort() {
        return cutShort;
    }

    /** That a segment is the log's. */
    void isOurs(Segment segment) {
        ours.put(segment.first().value(), segment.end());
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
        Map.Entry<Long, Long> known = ours.floorEntry(sequence.value());
        if (known != null && known.getValue() > sequence.value()) {
            Optional<Segment> segment = holding(new SequenceNumber(known.getKey()), sequence, wanted);
            if (segment.isPresent()) {
                return segment;
            }
        }
        Optional<SequenceNumber> bound = Optional.of(sequence);
        for (int looked = 0; bound.isPresent(); looked++) {
            Optional<SequenceNumber> first = names.newest(bound.get());
            if (first.isEmpty()) {
                return Optional.empty();
            }
            if (looked == reach) {
                cutShort = true;
                return Optional.empty();
            }
            Optional<Segment> segment = holding(first.get(), sequence, wanted);
            if (segment.isPresent()) {
                return segment;
            }
            bound = before(first.get());
        }
        return Optional.empty();
    }

    private Optional<Segment> holding(SequenceNumber first, SequenceNumber sequence, Predicate<Segment> wanted)
            throws StoreException {
        if (ends.getOrDefault(first.value(), Long.MAX_VALUE) <= sequence.value()) {
            return Optional.empty();
        }
        long[] longest = {first.value()};
        Optional<Segment> found = at(first, each -> {
            longest[0] = Math.max(longest[0], each.end());
            return each.end() > sequence.value() && wanted.test(each);
        });
        if (found.isEmpty()) {
            ends.put(first.value(), longest[0]);
        }
        return found;
    }

    /** The largest first sequence of a segment at or below {@code bound}. */
    Optional<SequenceNumber> newestFirst(SequenceNumber bound) throws StoreException {
        return names.newest(bound);
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
