package dev.terraseal.archiver.recovery;

import dev.terraseal.archiver.ArchiverStoppedException;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.chain.Heads;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
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
import org.jspecify.annotations.Nullable;

/**
 * The head of every stream at a checkpoint: those of the last heads entry below it, then of the entries since. The chain
 * of hashes from that entry to the checkpoint's newest makes all of it certain, whoever may have planted what.
 */
final class StreamsAt {
    private final ArchiveReader store;
    private final SegmentReader segments;
    private final Map<StreamId, StreamHead> streams = new HashMap<>();
    private @Nullable Digest newest;

    StreamsAt(ArchiveReader store) {
        this.store = store;
        this.segments = new SegmentReader(store);
    }

    /** @param newestHash the entry hash at {@code size − 1}, proven under the checkpoint */
    Map<StreamId, StreamHead> read(long size, Digest newestHash) throws StoreException {
        Optional<SequenceNumber> bound = size == 0 ? Optional.empty() : Optional.of(new SequenceNumber(size - 1));
        while (bound.isPresent()) {
            Optional<SequenceNumber> heads = store.newestNumbered(
                            ArchiveNames.HEADS, ArchiveNames.JSON_SUFFIX, bound.get())
                    .flatMap(ArchiveNames::headsSequence);
            if (heads.isEmpty()) {
                break;
            }
            if (begin(heads.get()) && replay(heads.get().value(), size, newestHash)) {
                return streams;
            }
            // Planted, or the entry was archived and its file was not yet.
            bound = SegmentReader.before(heads.get());
        }
        streams.clear();
        newest = null;
        if (!replay(0, size, newestHash)) {
            throw new ArchiverStoppedException("the archive's segments below its checkpoint of size " + size
                    + " have a gap or do not lead to entry hash " + newestHash
                    + ": check it with terraseal verify, and put back what is missing from a copy");
        }
        return streams;
    }

    /** The head of every stream at a heads entry that the archive holds with its file. */
    record AtHeads(long sequence, Map<StreamId, StreamHead> streams) {}

    /** The newest heads entry at or below {@code bound} that fits its file. Nothing shows that it is on the log's way. */
    Optional<AtHeads> newest(SequenceNumber bound) throws StoreException {
        Optional<SequenceNumber> at = Optional.of(bound);
        while (at.isPresent()) {
            Optional<SequenceNumber> heads = store.newestNumbered(
                            ArchiveNames.HEADS, ArchiveNames.JSON_SUFFIX, at.get())
                    .flatMap(ArchiveNames::headsSequence);
            if (heads.isEmpty()) {
                return Optional.empty();
            }
            if (begin(heads.get())) {
                return Optional.of(new AtHeads(heads.get().value(), Map.copyOf(streams)));
            }
            at = SegmentReader.before(heads.get());
        }
        return Optional.empty();
    }

    /** Takes the file of the heads entry at {@code sequence}, if that is what it is. */
    private boolean begin(SequenceNumber sequence) throws StoreException {
        Optional<Segment> segment = segments.containing(
                sequence, each -> headsDigest(each, sequence).isPresent());
        if (segment.isEmpty()) {
            return false;
        }
        Digest digest = headsDigest(segment.get(), sequence).orElseThrow();
        Optional<Stored> file = store.read(
                ArchiveNames.heads(sequence), content -> Digest.of(content).equals(digest));
        if (file.isEmpty()) {
            return false;
        }
        streams.clear();
        streams.putAll(Heads.parseFile(file.get().content()).streams());
        newest = null;
        return true;
    }

    private static Optional<Digest> headsDigest(Segment segment, SequenceNumber sequence) {
        try {
            Statement statement = Statement.parse(segment.entry(sequence).statement());
            return statement.type() != PredicateType.HEADS
                    ? Optional.empty()
                    : Optional.of(statement
                            .subjects()
                            .objects()
                            .get(0)
                            .object("digest")
                            .digest("sha256"));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    /** Goes from {@code from} to {@code size}; whether all is there and ends in {@code end}. */
    private boolean replay(long from, long size, Digest end) throws StoreException {
        long next = from;
        while (next < size) {
            long at = next;
            Optional<Segment> segment = segments.containing(new SequenceNumber(at), each -> follows(each, at));
            if (segment.isEmpty()) {
                return false;
            }
            long to = Math.min(segment.get().end(), size);
            for (; next < to; next++) {
                take(segment.get().entry(new SequenceNumber(next)));
            }
        }
        Digest last = newest;
        return size == 0 || (last != null && last.equals(end));
    }

    private boolean follows(Segment segment, long sequence) {
        StatementIdentity identity = StatementIdentity.scan(
                segment.entry(new SequenceNumber(sequence)).statement());
        Digest before = newest;
        return before == null || identity.prevHash().equals(before);
    }

    private void take(ArchivedEntry entry) {
        StatementIdentity identity = StatementIdentity.scan(entry.statement());
        Digest hash = Digest.of(entry.statement());
        streams.put(
                identity.stream(), new StreamHead(identity.streamSequence().value() + 1, identity.sequence(), hash));
        newest = hash;
    }
}
