package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.verifier.entries.EntrySignatures;
import dev.terraseal.verifier.entries.Workers;
import dev.terraseal.verifier.files.BundleFiles;
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

/** The artifacts of a bundle in their order, one at a time, each with its signatures. */
final class Artifacts implements Closeable {
    private final BundleFiles files;
    private final Manifest manifest;
    private final Findings findings;
    private final SignatureLines signatures;
    private final int statementMax;
    private final List<String> artifacts = new ArrayList<>();
    private int at;
    private long next;
    private int shard = -1;
    private long leftInShard;
    private @Nullable Lines lines;

    /** One artifact as it lies there. */
    record Raw(SequenceNumber sequence, String file, Bytes bytes, EntrySignatures signatures) {}

    Artifacts(BundleFiles files, Manifest manifest, Findings findings, long statementMax, Workers workers)
            throws IOException {
        this.files = files;
        this.manifest = manifest;
        this.findings = findings;
        this.statementMax = (int) statementMax;
        this.next = manifest.first();
        sort();
        this.signatures = new SignatureLines(files, BundleNames.SIGNATURES, findings, Layer.SIGNATURES, workers);
    }

    /** Sorts the files among the artifacts into those the manifest has a place for, and strangers. */
    private void sort() {
        for (String name : files.names()) {
            if (!name.startsWith("artifacts/")) {
                continue;
            }
            long sequence = manifest.shards().isEmpty() ? sequenceOf(name) : -1;
            if (sequence >= manifest.first() && sequence <= manifest.last()) {
                artifacts.add(name);
            } else if (!isShard(name)) {
                findings.add(
                        Layer.CHAIN,
                        FindingName.STRANGER,
                        name,
                        "Stranger: " + name + " is not among the entries of manifest.json");
            }
        }
    }

    private boolean isShard(String name) {
        for (Manifest.Shard known : manifest.shards()) {
            if (known.file().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** The sequence in a file name, or −1. */
    private static long sequenceOf(String name) {
        if (!name.endsWith(".json")) {
            return -1;
        }
        try {
            String digits = name.substring("artifacts/".length(), name.length() - ".json".length());
            return SequenceNumber.fromPadded(digits).value();
        } catch (IllegalArgumentException tooLarge) {
            return -1;
        }
    }

    /** The next artifact, or null after the last. */
    @Nullable Raw next() throws IOException {
        return manifest.shards().isEmpty() ? fromFile() : fromShard();
    }

    private @Nullable Raw fromFile() throws IOException {
        if (at == artifacts.size()) {
            missing(manifest.last() + 1);
            notTheLast();
            return null;
        }
        String name = artifacts.get(at++);
        SequenceNumber sequence = new SequenceNumber(sequenceOf(name));
        missing(sequence.value());
        next = sequence.value() + 1;
        return new Raw(sequence, name, files.read(name, statementMax), signatures.of(sequence));
    }

    /** Says which entries should have come before {@code found}. */
    private void missing(long found) {
        if (!manifest.isContiguous() || found <= next) {
            return;
        }
        String name = BundleNames.artifact(new SequenceNumber(next));
        String which = found == next + 1 ? "Missing entry " + next : "Missing entries " + next + " to " + (found - 1);
        findings.add(Layer.CHAIN, FindingName.MISSING_ENTRY, name, which + ": there is no " + name);
        next = found;
    }

    /** In a selection only its first and its last entry are known beforehand. */
    private void notTheLast() {
        if (!manifest.isContiguous() && next <= manifest.last()) {
            findings.add(
                    Layer.CHAIN,
                    FindingName.MISSING_ENTRY,
                    BundleNames.artifact(new SequenceNumber(manifest.last())),
                    "Missing entry " + manifest.last() + ": manifest.json says that it is the last, and the artifacts"
                            + " end before it");
            next = manifest.last() + 1;
        }
    }

    private @Nullable Raw fromShard() throws IOException {
        while (true) {
            Lines open = lines;
            Bytes line = open == null ? null : open.next();
            if (open != null && line != null && leftInShard > 0) {
                Manifest.Shard from = manifest.shards().get(shard);
                SequenceNumber sequence = sequenceOf(from);
                requireItsPlace(from, open.number(), sequence.value());
                leftInShard--;
                next = sequence.value() + 1;
                return new Raw(sequence, from.file() + " line " + open.number(), line, signatures.of(sequence));
            }
            if (line != null) {
                String file = manifest.shards().get(shard).file();
                findings.add(
                        Layer.CHAIN,
                        FindingName.STRANGER,
                        file,
                        "Stranger: " + file + " has more lines than manifest.json says");
            }
            if (leftInShard > 0) {
                missing(manifest.shards().get(shard));
            }
            if (++shard >= manifest.shards().size()) {
                return null;
            }
            openShard();
        }
    }

    /** What a shard should have held after its lines, or all of it where it is not there. */
    private void missing(Manifest.Shard from) {
        long first = from.first() + from.count() - leftInShard;
        String name = BundleNames.artifact(new SequenceNumber(first));
        findings.add(
                Layer.CHAIN,
                FindingName.MISSING_ENTRY,
                name,
                "Missing entries: " + from.file() + " lacks the last " + leftInShard + " of its " + from.count());
        leftInShard = 0;
        next = from.last() + 1;
    }

    /** In a selection signatures.jsonl says whose line it is: the shard has to begin and end where manifest.json says. */
    private static void requireItsPlace(Manifest.Shard from, long line, long sequence) throws MalformedException {
        if (line == 1 && sequence != from.first() || line == from.count() && sequence != from.last()) {
            throw new MalformedException(
                    from.file(),
                    "does not hold the entries that manifest.json says: its line " + line + " is entry " + sequence);
        }
    }

    private void openShard() throws IOException {
        close(lines);
        lines = null;
        Manifest.Shard from = manifest.shards().get(shard);
        leftInShard = from.count();
        if (files.has(from.file())) {
            lines = new Lines(files.open(from.file()), from.file(), statementMax);
        }
    }

    private SequenceNumber sequenceOf(Manifest.Shard from) throws MalformedException {
        SequenceNumber named = signatures.peek();
        if (!manifest.isContiguous() && named == null) {
            throw new MalformedException(BundleNames.SIGNATURES, "ends before " + from.file() + " does");
        }
        return manifest.isContiguous() || named == null ? new SequenceNumber(next) : named;
    }

    /** After the last artifact. */
    void finish() throws IOException {
        signatures.finish();
    }

    @Override
    public void close() throws IOException {
        close(lines);
        signatures.close();
    }

    private static void close(@Nullable Lines lines) throws IOException {
        if (lines != null) {
            lines.close();
        }
    }
}
