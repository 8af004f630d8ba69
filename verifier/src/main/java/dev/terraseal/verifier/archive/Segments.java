package dev.terraseal.verifier.archive;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.verifier.entries.Entry;
import dev.terraseal.verifier.entries.EntrySignatures;
import dev.terraseal.verifier.files.Lines;
import dev.terraseal.verifier.files.MalformedException;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The entries of an archive in order, one at a time, from segments without a gap. */
final class Segments implements Closeable {
    private static final int LINE_MAX = Lines.withStatement(LogDeclaration.STATEMENT_BYTES_MAX);

    private final ArchiveFiles archive;
    private final Findings findings;
    private final SegmentVersions versions;
    private final List<String> names;
    private int at;
    private long next;
    private Digest newest;
    private @Nullable String open;
    private @Nullable Lines lines;

    /** @param genesis what the first entry is chained to */
    Segments(ArchiveFiles archive, Findings findings, SegmentVersions versions, Digest genesis) {
        this.archive = archive;
        this.findings = findings;
        this.versions = versions;
        this.names = archive.under(ArchiveFiles.SEGMENTS);
        this.newest = genesis;
    }

    /** The next entry, or null after the last. */
    @Nullable Entry next() throws IOException {
        while (true) {
            Lines current = lines;
            String name = open;
            Bytes line = current == null ? null : current.next();
            if (line != null && current != null && name != null) {
                Entry entry = entry(line, name, current.number(), next);
                next++;
                newest = entry.entryHash();
                return entry;
            }
            if (current != null && current.number() == 0) {
                throw new MalformedException(String.valueOf(name), "is empty; a segment holds at least one entry");
            }
            close();
            String appended = ArchiveFiles.numbered(ArchiveFiles.SEGMENTS, next, ".jsonl");
            if (at < names.size()) {
                openNext(names.get(at++));
            } else if (!appended.equals(name)
                    && !archive.isShared()
                    && archive.files().has(appended)) {
                openNext(appended);
            } else {
                return null;
            }
        }
    }

    private void openNext(String name) throws IOException {
        if (!ArchiveFiles.isKnown(name)) {
            if (archive.isShared()) {
                return;
            }
            throw new MalformedException(name, "is not named as a segment is");
        }
        long first = sequence(name);
        if (archive.isShared() && isSpare(name, first)) {
            return;
        }
        if (first > next) {
            findings.add(
                    Layer.CHAIN,
                    FindingName.MISSING_ENTRY,
                    name,
                    "Missing entries " + next + " to " + (first - 1) + ": there is no "
                            + ArchiveFiles.numbered(ArchiveFiles.SEGMENTS, next, ".jsonl") + ", the next segment is "
                            + name);
            next = first;
        } else if (first < next) {
            throw new MalformedException(
                    name, "begins at entry " + first + ", but the segment before it ends at " + (next - 1));
        }
        open = name;
        lines = new Lines(archive.files().open(name), name, LINE_MAX);
    }

    /**
     * Whether a segment is no part of the log. Where a checkpoint says that its entries must be there, the only version
     * of the next segment is taken for what it should be, and judged with the rest.
     */
    private boolean isSpare(String name, long first) throws IOException {
        boolean promised = next < archive.newestCheckpoint();
        if (first == next && promised && archive.files().versions(name) == 1) {
            return false;
        }
        if (first == next && (versions.settle(name, first, newest) || promised)) {
            return false;
        }
        boolean signed = first != Long.MAX_VALUE && versions.anySigned(name, first);
        if (first > next && promised && signed) {
            return false;
        }
        if (signed && first <= next) {
            findings.add(
                    Layer.CHAIN,
                    FindingName.TWO_HISTORIES,
                    name,
                    name + " is signed by this log's keys and does not continue entry " + (next - 1));
        } else {
            archive.spare(findings, Layer.CHAIN, FindingName.STRANGER, name, name + " does not extend the log");
        }
        return true;
    }

    /** A whole segment whose first entry is {@code first}. */
    static List<Entry> parse(String name, Bytes content, long first) throws MalformedException {
        List<Entry> entries = new ArrayList<>();
        byte[] bytes = content.toByteArray();
        int begin = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                int number = entries.size() + 1;
                entries.add(entry(Bytes.copyOf(bytes, begin, i), name, number, first + entries.size()));
                begin = i + 1;
            }
        }
        if (begin != bytes.length || entries.isEmpty()) {
            throw new MalformedException(name, "ends within a line or is empty");
        }
        return entries;
    }

    private long sequence(String name) throws MalformedException {
        int from = ArchiveFiles.SEGMENTS.length();
        try {
            return SequenceNumber.fromPadded(name.substring(from, from + 20)).value();
        } catch (IllegalArgumentException tooLarge) {
            if (archive.isShared()) {
                return Long.MAX_VALUE;
            }
            throw new MalformedException(name, "is not named by a sequence: " + tooLarge.getMessage());
        }
    }

    private static Entry entry(Bytes line, String name, long number, long index) throws MalformedException {
        String where = name + " line " + number;
        try {
            Json.Obj json = CanonicalJson.parseObject(line);
            if (json.has("batch")) {
                json.requireMembers("batch", "path", "payload", "payloadType");
            } else {
                json.requireMembers("payload", "payloadType", "signatures");
            }
            if (!json.string("payloadType").equals(Dsse.STATEMENT)) {
                throw new MalformedException(where, "has payload type " + json.string("payloadType"));
            }
            SequenceNumber sequence = new SequenceNumber(index);
            return Entry.of(sequence, where, json.base64("payload"), EntrySignatures.of(json));
        } catch (IllegalArgumentException wrong) {
            throw new MalformedException(where, "cannot be read: " + wrong.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        if (lines != null) {
            lines.close();
        }
        lines = null;
    }
}
