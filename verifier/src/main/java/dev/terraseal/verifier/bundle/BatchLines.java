package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.verifier.entries.Batches;
import dev.terraseal.verifier.files.BundleFiles;
import dev.terraseal.verifier.files.Lines;
import dev.terraseal.verifier.files.MalformedException;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * batches.jsonl: the envelopes of batches, ascending by their first entry, each named by at least one artifact. Batches may
 * overlap, so that one is kept for as long as an entry may name it: to its end.
 */
final class BatchLines implements Batches, Closeable {
    /** More over one entry are refused (FORMATS section 9): else a file could make its reader keep all of it. */
    private static final int OVER_ONE_ENTRY = 64;

    /** More than a layer shows of its findings. */
    private static final int STRANGERS_MAX = 1_000;

    private final Findings findings;
    private final Layer layer;
    private final String file;
    private final @Nullable Lines lines;
    private final TreeMap<Long, Kept> kept = new TreeMap<>();
    private final List<Long> strangers = new ArrayList<>();
    /** Of the batches read so far that reach beyond the first entry of the newest. */
    private final List<Long> ends = new ArrayList<>();

    private @Nullable Kept ahead;
    private long before = -1;

    /** A batch that an entry may name, up to the one before {@code end}. */
    private static final class Kept {
        private final long first;
        private final long end;
        private final Envelope envelope;
        private boolean named;

        Kept(Batch batch, Envelope envelope) {
            this.first = batch.first().value();
            this.end = first + batch.count();
            this.envelope = envelope;
        }
    }

    BatchLines(BundleFiles files, String file, Findings findings, Layer layer) throws IOException {
        this.findings = findings;
        this.layer = layer;
        this.file = file;
        this.lines = files.has(file) ? new Lines(files.open(file), file, SignatureLines.LINE_MAX) : null;
        this.ahead = read();
    }

    @Override
    public @Nullable Envelope envelope(SequenceNumber first, SequenceNumber entry) throws IOException {
        forgetThoseBefore(entry.value());
        while (ahead != null && ahead.first <= first.value()) {
            Kept passed = ahead;
            ahead = read();
            if (passed.end > entry.value()) {
                kept.put(passed.first, passed);
            } else {
                leave(passed);
            }
        }
        Kept found = kept.get(first.value());
        if (found == null) {
            return null;
        }
        found.named = true;
        return found.envelope;
    }

    private void forgetThoseBefore(long entry) {
        for (Iterator<Kept> each = kept.values().iterator(); each.hasNext(); ) {
            Kept past = each.next();
            if (past.end <= entry) {
                each.remove();
                leave(past);
            }
        }
    }

    private void leave(Kept batch) {
        if (!batch.named && strangers.size() < STRANGERS_MAX) {
            strangers.add(batch.first);
        }
    }

    /** Only now: what is wrong with an entry is told before what no entry asks for. */
    @Override
    public void finish() throws IOException {
        kept.values().forEach(this::leave);
        kept.clear();
        while (ahead != null) {
            leave(ahead);
            ahead = read();
        }
        for (long first : strangers) {
            findings.add(layer, FindingName.STRANGER, file, file + " has batch " + first + ", which no artifact names");
        }
    }

    private @Nullable Kept read() throws IOException {
        Bytes raw = lines == null ? null : lines.next();
        if (raw == null || lines == null) {
            return null;
        }
        try {
            Envelope envelope = Envelope.parse(raw);
            Kept batch = new Kept(Batch.parse(envelope.payload()), envelope);
            if (batch.first <= before) {
                throw new JsonException("batch " + batch.first + " does not come after " + before);
            }
            before = batch.first;
            ends.removeIf(end -> end <= batch.first);
            if (ends.size() == OVER_ONE_ENTRY) {
                throw new JsonException(
                        "entry " + batch.first + " lies in more than " + OVER_ONE_ENTRY + " of its batches");
            }
            ends.add(batch.end);
            return batch;
        } catch (IllegalArgumentException wrong) {
            throw new MalformedException(file, "line " + lines.number() + " cannot be read: " + wrong.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        if (lines != null) {
            lines.close();
        }
    }
}
