package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.verifier.entries.Entry;
import dev.terraseal.verifier.files.BundleFiles;
import dev.terraseal.verifier.files.MalformedException;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.LayerResult;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The artifacts of a stream export: the stream from its first entry on without a gap, closed by one heads entry. */
final class StreamShown {
    private final Findings findings;
    private final StreamId stream;
    private final boolean unreadable;
    private final @Nullable StreamEnd end;
    private final @Nullable SequenceNumber closingAt;
    private @Nullable Entry closing;
    private @Nullable Statement heads;
    private @Nullable Entry newest;
    private Digest before;
    private long count;

    private StreamShown(
            Findings findings,
            StreamId stream,
            Digest genesis,
            @Nullable StreamEnd end,
            @Nullable SequenceNumber closingAt,
            boolean unreadable) {
        this.unreadable = unreadable;
        this.findings = findings;
        this.stream = stream;
        this.before = genesis;
        this.end = end;
        this.closingAt = closingAt;
    }

    /** Null if the bundle is no stream export. */
    static @Nullable StreamShown of(BundleFiles files, Manifest manifest, Digest genesis, Findings findings)
            throws IOException {
        StreamId stream = manifest.query().stream();
        if (manifest.query().kind() != Manifest.Kind.STREAM || stream == null) {
            return null;
        }
        if (!files.has(BundleNames.STREAM)) {
            return new StreamShown(findings, stream, genesis, null, null, false);
        }
        StreamEnd end = new StreamEnd(files, BundleNames.STREAM, stream);
        try {
            return new StreamShown(findings, stream, genesis, end, end.headsEntry(), false);
        } catch (MalformedException wrong) {
            findings.add(Layer.STREAM_HEADS, FindingName.BAD_HEADS, wrong.file(), String.valueOf(wrong.getMessage()));
            return new StreamShown(findings, stream, genesis, null, null, true);
        }
    }

    void see(Entry entry, Statement statement) {
        if (closing != null) {
            fail(
                    FindingName.STRANGER,
                    entry,
                    "stands after heads entry " + closing.index() + ", which closes this export");
        } else if (entry.index().equals(closingAt) && statement.type() == PredicateType.HEADS) {
            closing = entry;
            heads = statement;
        } else if (!statement.stream().equals(stream) && unreadable && statement.type() == PredicateType.HEADS) {
            // Which heads entry closes the stream is not known, and that was said.
            return;
        } else if (!statement.stream().equals(stream)) {
            fail(FindingName.STRANGER, entry, "is of stream " + statement.stream() + " in an export of " + stream);
        } else {
            follow(entry, statement);
        }
    }

    private void follow(Entry entry, Statement statement) {
        long place = statement.link().streamSequence().value();
        if (place != count) {
            fail(
                    place > count ? FindingName.MISSING_ENTRY : FindingName.BROKEN_STREAM,
                    entry,
                    "is entry " + place + " of stream " + stream + ", and entry " + count
                            + " of it should come next here");
        } else if (!statement.link().streamPrevHash().equals(before)) {
            fail(
                    FindingName.BROKEN_STREAM,
                    entry,
                    "its link within stream " + stream + " is "
                            + statement.link().streamPrevHash() + ", but the entry before it there hashes to "
                            + before);
        }
        count = place + 1;
        before = entry.entryHash();
        newest = entry;
    }

    /** After the last artifact. */
    void finish() throws IOException {
        if (end == null) {
            return;
        }
        try {
            Entry closed = closing;
            Statement stated = heads;
            if (closed == null || stated == null || stated.type() != PredicateType.HEADS) {
                throw new MalformedException(
                        BundleNames.STREAM,
                        "names entry " + closingAt + ", which is no heads entry among the artifacts");
            }
            end.verify(closed, stated, count, newest);
        } catch (MalformedException wrong) {
            findings.add(Layer.STREAM_HEADS, FindingName.BAD_HEADS, wrong.file(), String.valueOf(wrong.getMessage()));
        }
    }

    void addProven(List<String> proven) {
        if (end != null) {
            proven.add("these are " + describe() + ", as the log stated");
        }
    }

    void addNotProven(List<String> open) {
        if (end == null) {
            open.add("that the stream ends here");
        }
    }

    /** What is shown, for people: {@code all 3 entries of stream acme/infra/prod below heads entry 7}. */
    private String describe() {
        if (end == null) {
            return "contiguous, end not proven: " + count + " entries of stream " + stream;
        }
        String what = count == 0 ? "no entry" : count == 1 ? "the one entry" : "all " + count + " entries";
        return what + " of stream " + stream + " below heads entry " + closingAt;
    }

    LayerResult result() {
        return end != null
                ? LayerResult.valid(Layer.STREAM_HEADS, describe())
                : LayerResult.notCovered(Layer.STREAM_HEADS, describe());
    }

    private void fail(FindingName name, Entry entry, String message) {
        findings.add(Layer.CHAIN, name, entry.file(), "entry " + entry.index() + " " + message);
    }
}
