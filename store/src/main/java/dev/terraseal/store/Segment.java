package dev.terraseal.store;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.CanonicalBuffer;
import dev.terraseal.core.canonical.JsonException;
import java.util.ArrayList;
import java.util.List;

/**
 * Consecutive entries as one object: a line each, in order, without gaps. The name says the first sequence; what follows
 * is checked against the chain by whoever reads it.
 */
public record Segment(SequenceNumber first, List<ArchivedEntry> entries) {
    /** Bytes of a line with one P-256 signature beside the statement: a guess, so that the buffer seldom grows. */
    private static final int AROUND_A_STATEMENT = 320;

    public Segment {
        entries = List.copyOf(entries);
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("a segment has at least one entry");
        }
    }

    public String name() {
        return ArchiveNames.segment(first);
    }

    /** One past the last sequence. */
    public long end() {
        return first.value() + entries.size();
    }

    /** The entry of a sequence within this segment. */
    public ArchivedEntry entry(SequenceNumber sequence) {
        return entries.get(Math.toIntExact(sequence.value() - first.value()));
    }

    /** The object's content, made anew each time. */
    public Bytes bytes() {
        long statements = 0;
        for (ArchivedEntry entry : entries) {
            statements += entry.statement().length();
        }
        CanonicalBuffer out = new CanonicalBuffer(Math.toIntExact(
                Math.min(Integer.MAX_VALUE / 2, statements / 3 * 4 + entries.size() * (long) AROUND_A_STATEMENT)));
        for (ArchivedEntry entry : entries) {
            entry.writeTo(out);
            out.raw((byte) '\n');
        }
        return out.toBytes();
    }

    /** Reads {@link #bytes()}; anything else is a {@link JsonException} naming the line. */
    public static Segment parse(SequenceNumber first, Bytes content) {
        List<ArchivedEntry> entries = new ArrayList<>();
        byte[] bytes = content.toByteArray();
        int begin = 0;
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                entries.add(line(entries.size() + 1, Bytes.copyOf(bytes, begin, at)));
                begin = at + 1;
            }
        }
        if (begin != bytes.length || entries.isEmpty()) {
            throw new JsonException("a segment ends in a newline and has at least one line");
        }
        return new Segment(first, entries);
    }

    private static ArchivedEntry line(int number, Bytes line) {
        try {
            return ArchivedEntry.parse(line);
        } catch (IllegalArgumentException malformed) {
            throw new JsonException("line " + number + ": " + malformed.getMessage());
        }
    }
}
