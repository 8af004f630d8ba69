package dev.terraseal.export;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.store.StoreException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The entries of a log from one on, below its head and proven under it, a segment in memory at a time. */
final class SegmentEntries {
    private final ProvenSegments segments;
    private final long end;
    private Bytes segment = Bytes.EMPTY;
    private int[] ends = new int[0];
    private int at;
    private long next;

    /** @param end not above the size of the head */
    SegmentEntries(ProvenSegments segments, long first, long end) {
        this.segments = segments;
        this.next = first;
        this.end = end;
    }

    /** The entry at a sequence further on; a segment that holds several of those asked for is read once. */
    ArchivedEntry skipTo(long sequence) throws StoreException, ExportException {
        long ahead = sequence - next;
        if (ahead > 0) {
            next = sequence;
            at = ahead < ends.length - at ? at + (int) ahead : ends.length;
        }
        ArchivedEntry entry = next();
        if (ahead < 0 || entry == null) {
            throw missing(sequence);
        }
        return entry;
    }

    /** The next entry, or null at the end that was asked for. */
    @Nullable ArchivedEntry next() throws StoreException, ExportException {
        if (next >= end) {
            return null;
        }
        if (at >= ends.length) {
            open();
        }
        Bytes line = segment.slice(at == 0 ? 0 : ends[at - 1] + 1, ends[at]);
        ArchivedEntry entry = ArchivedEntry.parse(new SequenceNumber(next), line);
        at++;
        next++;
        return entry;
    }

    private void open() throws StoreException, ExportException {
        // What was read is let go first: two segments do not have to fit into memory.
        segment = Bytes.EMPTY;
        ends = new int[0];
        ProvenSegments.Found found = segments.holding(next);
        if (found == null) {
            throw missing(next);
        }
        segment = found.content();
        ends = ends(segment);
        at = (int) (next - found.first());
    }

    private static ExportException missing(long sequence) {
        return ExportException.broken("entry " + sequence + " is not in the archive, in no version of segments/"
                + new SequenceNumber(sequence).padded()
                + ".jsonl and those before it; check it with 'terraseal verify ARCHIVE'");
    }

    /** Where the lines end. */
    static int[] ends(Bytes content) {
        return IntStream.range(0, content.length())
                .filter(i -> content.at(i) == '\n')
                .toArray();
    }
}
