package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.merkle.InclusionProof;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.verifier.entries.Entry;
import dev.terraseal.verifier.entries.EntrySignatures;
import dev.terraseal.verifier.files.BundleFiles;
import dev.terraseal.verifier.files.Lines;
import dev.terraseal.verifier.files.MalformedException;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.io.Closeable;
import java.io.IOException;

/** proofs/entries.jsonl: a path for each artifact of a selection, in their order, all under the bundle's one head. */
final class EntryProofs implements Closeable {
    private static final int LINE_MAX = 1 << 13;
    private static final int PATH_MAX = 64;

    private final Lines lines;
    private final String file;
    private final Checkpoint head;
    private final Findings findings;
    private final Layer layer;

    EntryProofs(BundleFiles files, String file, Checkpoint head, Findings findings, Layer layer) throws IOException {
        if (!files.has(file)) {
            throw new MalformedException(file, "is missing");
        }
        this.lines = new Lines(files.open(file), file, LINE_MAX);
        this.file = file;
        this.head = head;
        this.findings = findings;
        this.layer = layer;
    }

    /** Checks {@code entry} with the next line, which must be its own. */
    void check(Entry entry) throws IOException {
        Bytes raw = lines.next();
        if (raw == null) {
            throw new MalformedException(file, "ends before entry " + entry.index());
        }
        try {
            Json.Obj line = CanonicalJson.parseObject(raw).requireMembers("path", "sequence");
            if (!new SequenceNumber(line.number("sequence")).equals(entry.index())) {
                throw new MalformedException(
                        file, "line " + lines.number() + " is not the proof of entry " + entry.index());
            }
            InclusionProof.verify(
                    entry.index().value(),
                    head.size(),
                    Merkle.leafHash(entry.entryHash()),
                    EntrySignatures.path(line, PATH_MAX),
                    head.root());
        } catch (IllegalArgumentException wrong) {
            throw new MalformedException(file, "line " + lines.number() + " cannot be read: " + wrong.getMessage());
        } catch (ProofException notIn) {
            findings.add(
                    layer,
                    FindingName.NOT_INCLUDED,
                    entry.file(),
                    "entry " + entry.index() + " is not under this head: " + notIn.getMessage());
        }
    }

    /** After the last artifact: nothing may be left. */
    void finish() throws IOException {
        if (lines.next() != null) {
            throw new MalformedException(file, "line " + lines.number() + " is the proof of no artifact");
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
