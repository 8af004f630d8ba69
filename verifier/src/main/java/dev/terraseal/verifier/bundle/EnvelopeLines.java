package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.verifier.entries.Entry;
import dev.terraseal.verifier.entries.EntrySignatures;
import dev.terraseal.verifier.files.BundleFiles;
import dev.terraseal.verifier.files.Lines;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * attestations.intoto.jsonl, for tools that read DSSE: the envelope of every artifact signed by itself, in order. Derived
 * again and compared; artifacts signed in a batch are not in it.
 */
final class EnvelopeLines implements Closeable {
    private final Findings findings;
    private final @Nullable Lines lines;

    EnvelopeLines(BundleFiles files, Findings findings, long statementMax) throws IOException {
        this.findings = findings;
        this.lines = files.has(BundleNames.ENVELOPES)
                ? new Lines(files.open(BundleNames.ENVELOPES), BundleNames.ENVELOPES, Lines.withStatement(statementMax))
                : null;
    }

    boolean isPresent() {
        return lines != null;
    }

    void check(Entry entry) throws IOException {
        if (lines == null || !(entry.signatures() instanceof EntrySignatures.Own own)) {
            return;
        }
        Bytes line = lines.next();
        Bytes derived = new Envelope(Dsse.STATEMENT, entry.bytes(), own.signatures()).bytes();
        if (line == null || !line.equals(derived)) {
            fail("line " + lines.number() + " is not the envelope of entry " + entry.index());
        }
    }

    void finish() throws IOException {
        if (lines != null && lines.next() != null) {
            fail("has an envelope of no artifact");
        }
    }

    private void fail(String message) {
        findings.add(
                Layer.DERIVED,
                FindingName.COUNT_MISMATCH,
                BundleNames.ENVELOPES,
                BundleNames.ENVELOPES + " " + message);
    }

    @Override
    public void close() throws IOException {
        if (lines != null) {
            lines.close();
        }
    }
}
