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
import org.jspecify.annotations.Nullable;

/** batches.jsonl: the envelopes of batches, ascending by their first entry, each named by at least one artifact. */
final class BatchLines implements Batches, Closeable {
    private final Findings findings;
    private final Layer layer;
    private final String file;
    private final @Nullable Lines lines;
    private @Nullable Envelope ahead;
    private long aheadFirst = -1;
    private long asked = -1;

    BatchLines(BundleFiles files, String file, Findings findings, Layer layer) throws IOException {
        this.findings = findings;
        this.layer = layer;
        this.file = file;
        this.lines = files.has(file) ? new Lines(files.open(file), file, SignatureLines.LINE_MAX) : null;
        advance();
    }

    @Override
    public @Nullable Envelope envelope(SequenceNumber first) throws IOException {
        while (ahead != null && aheadFirst < first.value()) {
            if (aheadFirst != asked) {
                findings.add(
                        layer,
                        FindingName.STRANGER,
                        file,
                        file + " has batch " + aheadFirst + ", which no artifact names");
            }
            advance();
        }
        asked = first.value();
        return aheadFirst == first.value() ? ahead : null;
    }

    private void advance() throws IOException {
        Bytes raw = lines == null ? null : lines.next();
        if (raw == null || lines == null) {
            ahead = null;
            aheadFirst = -1;
            return;
        }
        try {
            Envelope envelope = Envelope.parse(raw);
            long first = Batch.parse(envelope.payload()).first().value();
            if (first <= aheadFirst) {
                throw new JsonException("batch " + first + " does not come after " + aheadFirst);
            }
            aheadFirst = first;
            ahead = envelope;
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
