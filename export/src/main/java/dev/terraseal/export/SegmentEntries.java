package dev.terraseal.export;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The entries of an archive from one on, a segment in memory at a time. A version of a segment counts if it parses and
 * extends the chain; that it is what the checkpoint covers is for the caller to see by the root.
 */
final class SegmentEntries {
    private final ArchiveReader archive;
    private final long end;
    private final boolean openEnded;
    private Bytes segment = Bytes.EMPTY;
    private int[] ends = new int[0];
    private int at;
    private long next;
    private @Nullable Digest newest;

    SegmentEntries(ArchiveReader archive, long first, long end) {
        this(archive, first, end, false);
    }

    private SegmentEntries(ArchiveReader archive, long first, long end, boolean openEnded) {
        this.archive = archive;
        this.next = first;
        this.end = end;
        this.openEnded = openEnded;
    }

    /** Entries from {@code first} on, as many as there are. */
    static SegmentEntries toTheEnd(ArchiveReader archive, long first) {
        return new SegmentEntries(archive, first, Long.MAX_VALUE, true);
    }

    /** The entry at one sequence. */
    static ArchivedEntry at(ArchiveReader archive, SequenceNumber sequence) throws StoreException, ExportException {
        return toTheEnd(archive, sequence.value()).skipTo(sequence.value());
    }

    /** The entry at a sequence further on; a segment that holds several of those asked for is read once. */
    ArchivedEntry skipTo(long sequence) throws StoreException, ExportException {
        long ahead = sequence - next;
        if (ahead > 0) {
            next = sequence;
            newest = null;
            at = ahead < ends.length - at ? at + (int) ahead : ends.length;
        }
        ArchivedEntry entry = next();
        if (ahead < 0 || entry == null) {
            throw new ExportException(
                    "entry " + sequence + " is not in the archive; check it with 'terraseal verify ARCHIVE'");
        }
        return entry;
    }

    /** The next entry, or null at the end that was asked for. */
    @Nullable ArchivedEntry next() throws StoreException, ExportException {
        if (next >= end) {
            return null;
        }
        if (at >= ends.length && !open()) {
            return null;
        }
        Bytes line = segment.slice(at == 0 ? 0 : ends[at - 1] + 1, ends[at]);
        ArchivedEntry entry = ArchivedEntry.parse(new SequenceNumber(next), line);
        at++;
        next = entry.sequence().value() + 1;
        newest = entry.entryHash();
        return entry;
    }

    /** Reads the segment with the next entry; false at the end of an archive that is read to its end. */
    private boolean open() throws StoreException, ExportException {
        Optional<String> name =
                archive.newestNumbered(ArchiveNames.SEGMENTS, ArchiveNames.SEGMENT_SUFFIX, new SequenceNumber(next));
        Optional<SequenceNumber> first = name.flatMap(ArchiveNames::segmentFirst);
        if (name.isEmpty() || first.isEmpty()) {
            return orMissing();
        }
        segment = Bytes.EMPTY;
        ends = new int[0];
        Optional<Stored> stored = archive.read(name.get(), content -> isSegment(content, first.get()));
        if (stored.isEmpty()) {
            throw new ExportException(
                    name.get() + " holds no version that extends the chain; check it with 'terraseal verify ARCHIVE'");
        }
        segment = stored.get().content();
        ends = ends(segment);
        at = (int) (next - first.get().value());
        return at < ends.length || orMissing();
    }

    private boolean orMissing() throws ExportException {
        if (openEnded) {
            return false;
        }
        throw new ExportException("entry " + next + " is not in the archive; check it with 'terraseal verify ARCHIVE'");
    }

    /** Whether every line is the next entry; nothing of it is kept, for a parsed segment is many times its bytes. */
    private boolean isSegment(Bytes content, SequenceNumber first) {
        Digest before = first.value() == next ? newest : null;
        try {
            int from = 0;
            long sequence = first.value();
            for (int end : ends(content)) {
                ArchivedEntry entry = ArchivedEntry.parse(new SequenceNumber(sequence), content.slice(from, end));
                Statement statement = entry.statement();
                if (statement.sequence().value() != sequence
                        || before != null && !statement.link().prevHash().equals(before)) {
                    return false;
                }
                before = entry.entryHash();
                from = end + 1;
                sequence++;
            }
            return from == content.length() && from > 0;
        } catch (IllegalArgumentException notASegment) {
            return false;
        }
    }

    /** Where the lines end. */
    private static int[] ends(Bytes content) {
        return IntStream.range(0, content.length())
                .filter(i -> content.at(i) == '\n')
                .toArray();
    }
}
