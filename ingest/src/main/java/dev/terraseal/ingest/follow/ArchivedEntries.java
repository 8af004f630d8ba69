package dev.terraseal.ingest.follow;

import dev.terraseal.core.bytes.Bytes;
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
 * The entries of the archive, a segment at a time. A version of a segment that is not lines of entries, dense from the
 * number in its name, is passed over for the next one; who asks for one entry gets it from the newest
 * version whose line is that entry's. Signatures and links are not checked here: whoever receives an
 * entry does.
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

    /** Where an entry lies if it is archived: a segment's name and the sequence of its first entry. */
    private record Place(String name, long first) {}

    private Optional<Place> place(SequenceNumber sequence) throws StoreException {
        return archive.newestNumbered(ArchiveNames.SEGMENTS, ArchiveNames.SEGMENT_SUFFIX, sequence)
                .flatMap(name -> ArchiveNames.segmentFirst(name).map(first -> new Place(name, first.value())));
    }

    /** The entries from {@code from} to the end of the segment that holds it; empty where no segment does. */
    public List<Line> from(SequenceNumber from) throws StoreException {
        Optional<Place> place = place(from);
        if (place.isEmpty()) {
            return List.of();
        }
        long first = place.get().first();
        Optional<Stored> segment = archive.read(place.get().name(), content -> isSegment(content, first));
        return segment.isEmpty() ? List.of() : lines(segment.get().content(), first, from.value());
    }

    /**
     * One entry's line, empty where no segment has it. Reads no other: a batch that is sent again asks for hundreds, each
     * in a segment of thousands.
     */
    public Optional<Line> at(SequenceNumber sequence) throws StoreException {
        Optional<Place> place = place(sequence);
        if (place.isEmpty()) {
            return Optional.empty();
        }
        long index = sequence.value() - place.get().first();
        return archive.read(
                        place.get().name(),
                        content -> line(content, index, sequence).isPresent())
                .flatMap(segment -> line(segment.content(), index, sequence));
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
                try {
                    Line line = new Line(sequence, CanonicalJson.parseObject(Bytes.copyOf(bytes, begin, at)));
                    boolean right =
                            StatementIdentity.scan(line.statement()).sequence().equals(sequence);
                    return right ? Optional.of(line) : Optional.empty();
                } catch (IllegalArgumentException notOne) {
                    return Optional.empty();
                }
            }
            begin = at + 1;
        }
        return Optional.empty();
    }

    private static boolean isSegment(Bytes content, long first) {
        try {
            List<Line> lines = lines(content, first, first);
            // The name of the first entry is that of the segment, and entries are dense: the last one tells.
            Line last = lines.get(lines.size() - 1);
            return StatementIdentity.scan(last.statement()).sequence().equals(last.sequence());
        } catch (IllegalArgumentException | IndexOutOfBoundsException notOne) {
            return false;
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
