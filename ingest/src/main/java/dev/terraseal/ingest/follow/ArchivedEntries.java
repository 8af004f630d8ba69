package dev.terraseal.ingest.follow;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.statement.StatementIdentity;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The entries of the archive, a segment at a time. Whoever may write to a bucket can plant segments, also beside the true
 * ones: a version that does not hold what is asked for is passed over for the next one, and a name without any for the next
 * lower name. Signatures are not checked here, nor whether a segment continues the one below: whoever receives an entry
 * does.
 */
public final class ArchivedEntries {
    private final ArchiveReader archive;

    public ArchivedEntries(ArchiveReader archive) {
        this.archive = archive;
    }

    /** A segment line and the sequence of its entry. */
    public record Line(SequenceNumber sequence, Json.Obj json) {
        public Bytes statement() {
            return json.base64("payload");
        }
    }

    /** Whether a segment that begins at {@code first} is the one that is looked for. Answers for any bytes. */
    private interface Wanted {
        boolean is(Bytes content, long first);
    }

    private record Segment(Bytes content, long first) {}

    /** The nearest segment that begins at or below {@code sequence} and is wanted. */
    private Optional<Segment> find(SequenceNumber sequence, Wanted wanted) throws StoreException {
        Optional<SequenceNumber> bound = Optional.of(sequence);
        while (bound.isPresent()) {
            Optional<String> name =
                    archive.newestNumbered(ArchiveNames.SEGMENTS, ArchiveNames.SEGMENT_SUFFIX, bound.get());
            Optional<SequenceNumber> first = name.flatMap(ArchiveNames::segmentFirst);
            if (first.isEmpty()) {
                return Optional.empty();
            }
            long begin = first.get().value();
            Optional<Stored> stored = archive.read(name.get(), content -> wanted.is(content, begin));
            if (stored.isPresent()) {
                return Optional.of(new Segment(stored.get().content(), begin));
            }
            bound = begin == 0 ? Optional.empty() : Optional.of(new SequenceNumber(begin - 1));
        }
        return Optional.empty();
    }

    /** The entries from {@code from} to the end of the segment that holds it; empty where no segment does. */
    public List<Line> from(SequenceNumber from) throws StoreException {
        Optional<Segment> segment =
                find(from, (content, first) -> chained(content, first).size() > from.value() - first);
        return segment.map(found -> lines(found.content(), found.first(), from.value()))
                .orElse(List.of());
    }

    /**
     * The entries from the beginning of a segment up to {@code last}, of which {@code hash} is known: each names the hash
     * of the one before it, so that all of them are the log's, whoever may write to the archive. Empty where no segment has
     * that entry.
     */
    List<Line> downFrom(SequenceNumber last, Digest hash) throws StoreException {
        Optional<Segment> segment = find(last, (content, first) -> {
            List<Line> lines = chained(content, first);
            long index = last.value() - first;
            return index < lines.size()
                    && Digest.of(lines.get((int) index).statement()).equals(hash);
        });
        return segment.map(found -> lines(found.content(), found.first(), found.first())
                        .subList(0, (int) (last.value() - found.first()) + 1))
                .orElse(List.of());
    }

    /**
     * One entry's line, empty where no segment has it. Reads no other: a batch that is sent again asks for hundreds, each
     * in a segment of thousands.
     */
    public Optional<Line> at(SequenceNumber sequence) throws StoreException {
        return find(
                        sequence,
                        (content, first) -> line(content, sequence.value() - first, sequence)
                                .isPresent())
                .flatMap(found -> line(found.content(), sequence.value() - found.first(), sequence));
    }

    /** The segment that has the entry, for whoever wants more than one of it; empty where none has it. */
    public Optional<SegmentLines> holding(SequenceNumber sequence) throws StoreException {
        return find(
                        sequence,
                        (content, first) -> line(content, sequence.value() - first, sequence)
                                .isPresent())
                .map(found -> new SegmentLines(found.content(), found.first()));
    }

    /** Empty where the bytes have no such line, or it is not this entry's. */
    private static Optional<Line> line(Bytes content, long index, SequenceNumber sequence) {
        byte[] bytes = content.toByteArray();
        long passed = 0;
        int begin = 0;
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] != '\n') {
                continue;
            }
            if (passed++ == index) {
                return line(Bytes.copyOf(bytes, begin, at), sequence);
            }
            begin = at + 1;
        }
        return Optional.empty();
    }

    /** Empty where the text is not this entry's line. */
    static Optional<Line> line(Bytes text, SequenceNumber sequence) {
        try {
            Line line = new Line(sequence, CanonicalJson.parseObject(text));
            boolean right = StatementIdentity.scan(line.statement()).sequence().equals(sequence);
            return right ? Optional.of(line) : Optional.empty();
        } catch (IllegalArgumentException | IndexOutOfBoundsException notOne) {
            return Optional.empty();
        }
    }

    /** All lines if they are entries, dense from {@code first} and each the successor of the one before; else none. */
    private static List<Line> chained(Bytes content, long first) {
        try {
            List<Line> lines = lines(content, first, first);
            Digest previous = null;
            for (Line line : lines) {
                Bytes statement = line.statement();
                StatementIdentity identity = StatementIdentity.scan(statement);
                if (!identity.sequence().equals(line.sequence())
                        || previous != null && !identity.prevHash().equals(previous)) {
                    return List.of();
                }
                previous = Digest.of(statement);
            }
            return lines;
        } catch (IllegalArgumentException | IndexOutOfBoundsException notOne) {
            return List.of();
        }
    }

    private static List<Line> lines(Bytes content, long first, long from) {
        List<Line> lines = new ArrayList<>();
        byte[] bytes = content.toByteArray();
        long sequence = first;
        int begin = 0;
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                if (sequence >= from) {
                    Json.Obj line = CanonicalJson.parseObject(Bytes.copyOf(bytes, begin, at));
                    lines.add(new Line(new SequenceNumber(sequence), line));
                }
                sequence++;
                begin = at + 1;
            }
        }
        if (begin != bytes.length) {
            throw new JsonException("the segment ends within a line");
        }
        return lines;
    }
}
