package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.verifier.entries.EntrySignatures;
import dev.terraseal.verifier.entries.InOrder;
import dev.terraseal.verifier.entries.Workers;
import dev.terraseal.verifier.files.BundleFiles;
import dev.terraseal.verifier.files.Lines;
import dev.terraseal.verifier.files.MalformedException;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** signatures.jsonl, read in step with the artifacts: one line each, ascending. */
final class SignatureLines implements Closeable {
    /** Sixteen ML-DSA-65 signatures in base64, with room. */
    static final int LINE_MAX = 1 << 17;

    private final Findings findings;
    private final Layer layer;
    private final String file;
    private final @Nullable Lines lines;
    private final InOrder<Raw, Parsed> parsed;
    private @Nullable Line ahead;
    private long before = -1;

    /** One line: whose signatures, and these. */
    record Line(SequenceNumber sequence, EntrySignatures signatures) {}

    private record Raw(long number, Bytes bytes) {}

    /** What became of a line: null with the reason why it is none. */
    private record Parsed(long number, @Nullable Line line, String problem) {}

    SignatureLines(BundleFiles files, String file, Findings findings, Layer layer, Workers workers) throws IOException {
        this.findings = findings;
        this.layer = layer;
        this.file = file;
        this.lines = files.has(file) ? new Lines(files.open(file), file, LINE_MAX) : null;
        if (lines == null) {
            findings.add(layer, FindingName.MISSING_FILE, file, "Missing file: " + file);
        }
        this.parsed = new InOrder<>(workers, this::read, raw -> raw.bytes().length(), SignatureLines::parse);
        advance();
    }

    private @Nullable Raw read() throws IOException {
        Bytes bytes = lines == null ? null : lines.next();
        return bytes == null || lines == null ? null : new Raw(lines.number(), bytes);
    }

    /** The sequence of the next line, or null after the last. */
    @Nullable SequenceNumber peek() {
        return ahead == null ? null : ahead.sequence();
    }

    /** The signatures of the artifact {@code sequence}; lines before it that belong to no artifact are findings. */
    EntrySignatures of(SequenceNumber sequence) throws IOException {
        while (ahead != null && ahead.sequence().compareTo(sequence) < 0) {
            strange(ahead);
            advance();
        }
        if (ahead == null || !ahead.sequence().equals(sequence)) {
            findings.add(layer, FindingName.UNSIGNED, file, "entry " + sequence + " has no line in " + file);
            return new EntrySignatures.Missing();
        }
        EntrySignatures found = ahead.signatures();
        advance();
        return found;
    }

    /** After the last artifact: what is left belongs to none. */
    void finish() throws IOException {
        while (ahead != null) {
            strange(ahead);
            advance();
        }
    }

    private void strange(Line line) {
        findings.add(
                layer,
                FindingName.STRANGER,
                file,
                file + " has signatures for entry " + line.sequence() + ", which is not here");
    }

    private void advance() throws IOException {
        Parsed next = parsed.next();
        if (next == null) {
            ahead = null;
            return;
        }
        Line line = next.line();
        if (line == null) {
            throw new MalformedException(file, "line " + next.number() + " cannot be read: " + next.problem());
        }
        if (line.sequence().value() <= before) {
            throw new MalformedException(
                    file,
                    "line " + next.number() + " cannot be read: sequence " + line.sequence() + " does not come after "
                            + before);
        }
        before = line.sequence().value();
        ahead = line;
    }

    private static Parsed parse(Raw raw) {
        try {
            Json.Obj json = CanonicalJson.parseObject(raw.bytes());
            if (json.has("batch")) {
                json.requireMembers("batch", "path", "sequence");
            } else {
                json.requireMembers("sequence", "signatures");
            }
            SequenceNumber sequence = new SequenceNumber(json.number("sequence"));
            return new Parsed(raw.number(), new Line(sequence, EntrySignatures.of(json)), "");
        } catch (IllegalArgumentException wrong) {
            return new Parsed(raw.number(), null, String.valueOf(wrong.getMessage()));
        }
    }

    @Override
    public void close() throws IOException {
        if (lines != null) {
            lines.close();
        }
    }
}
