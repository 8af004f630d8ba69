package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.CompactRange;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.verifier.bundle.ArtifactsAhead.Ready;
import dev.terraseal.verifier.bundle.CheckpointLayer.Opened;
import dev.terraseal.verifier.bundle.KeyEventsReader.KeyEvents;
import dev.terraseal.verifier.entries.ChainCheck;
import dev.terraseal.verifier.entries.Demands;
import dev.terraseal.verifier.entries.Entry;
import dev.terraseal.verifier.entries.LogReading;
import dev.terraseal.verifier.entries.SignatureCheck;
import dev.terraseal.verifier.entries.SignatureQueue;
import dev.terraseal.verifier.files.BundleFiles;
import dev.terraseal.verifier.time.Stamped;
import dev.terraseal.verifier.time.TimeLayer;
import dev.terraseal.verifier.time.TimeReading;
import dev.terraseal.verifier.trust.History;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.Reach;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.LayerResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The layers that follow from one reading of the artifacts, from the chain to state continuity. */
final class EntriesLayers implements History {
    private final BundleFiles files;
    private final Findings findings;
    private final LogDeclaration log;
    private final Manifest manifest;
    private final KeyEvents keys;
    private final @Nullable Checkpoint stated;
    private final Stamped stamped;
    private final TimeReading times;
    private final ConsistencyFiles consistency;
    private final RangeInclusion range;
    private final @Nullable StreamShown stream;
    private final KeyEventsBeside keyEvents;
    private @Nullable DerivedFiles derived;
    private @Nullable LogReading reading;
    private PopulationFile.@Nullable Row row;
    private long firstRead = -1;
    private long lastRead = -1;
    private boolean complete;

    EntriesLayers(
            BundleFiles files,
            Findings findings,
            LogDeclaration log,
            Manifest manifest,
            KeyEvents keys,
            @Nullable Checkpoint stated,
            Stamped stamped,
            TimeReading times)
            throws IOException {
        this.files = files;
        this.findings = findings;
        this.log = log;
        this.manifest = manifest;
        this.keys = keys;
        this.stated = stated;
        this.stamped = stamped;
        this.times = times;
        this.consistency = new ConsistencyFiles(files);
        this.range = new RangeInclusion(findings);
        this.stream = StreamShown.of(files, manifest, log.genesis(), findings);
        this.keyEvents = new KeyEventsBeside(findings, manifest, keys);
    }

    void read(SignatureQueue queue, Question question, Demands demands) throws IOException {
        CompactRange tree = range.begin(files, manifest);
        ChainCheck chain = manifest.isContiguous()
                ? new ChainCheck(findings, log, manifest.first())
                : ChainCheck.ofSelection(findings, log, manifest.first());
        try (ArtifactsAhead artifacts =
                        new ArtifactsAhead(files, manifest, findings, log.statementBytesLimit(), queue.workers());
                BatchLines batches = new BatchLines(files, BundleNames.BATCHES, findings, Layer.SIGNATURES);
                EnvelopeLines envelopes = new EnvelopeLines(files, findings, log.statementBytesLimit());
                DerivedFiles rederived = new DerivedFiles(files, findings, manifest, log)) {
            derived = rederived;
            SignatureCheck signatures = new SignatureCheck(
                    findings, Layer.SIGNATURES, log, keys.ring(), queue, batches, demands, keys.complete());
            LogReading started = new LogReading(
                    findings, chain, signatures, tree, consistency.wanted(question), manifest.isContiguous());
            reading = started;
            readAll(artifacts, envelopes, started);
            artifacts.finish();
            envelopes.finish();
            started.finish();
            if (stream != null && complete) {
                stream.finish();
            }
            if (complete) {
                requireNumbers(started);
            }
            rederived.finish(stated, started.counts(), complete);
        }
    }

    private void readAll(ArtifactsAhead artifacts, EnvelopeLines envelopes, LogReading started) throws IOException {
        try (Selection selection = new Selection(files, manifest, stated, findings)) {
            for (Ready next = artifacts.next(); next != null; next = artifacts.next()) {
                Entry entry = next.entry();
                row = next.row();
                firstRead = firstRead < 0 ? entry.index().value() : firstRead;
                lastRead = entry.index().value();
                started.take(entry, this::see);
                envelopes.check(entry);
                selection.check(entry);
                if (findings.isDecided(Layer.CHAIN)) {
                    return;
                }
            }
            selection.finish();
            complete = true;
        }
    }

    private void see(Entry entry, Statement statement) throws IOException {
        times.see(entry, statement);
        if (derived != null && row != null) {
            derived.see(statement, row);
        }
        if (stream != null) {
            stream.see(entry, statement);
        }
        keyEvents.see(entry, statement);
    }

    /** The answers of all layers; {@code head} is null if the checkpoint was refused. */
    void conclude(@Nullable Opened head, Question question) throws IOException {
        LogReading read = reading;
        if (read == null) {
            return;
        }
        if (complete) {
            range.check(read.tree(), stated);
        }
        refuseOtherProofs();
        // Roots of older sizes are those of the entries only if the entries are under the head.
        if (!findings.failed(Layer.INCLUSION)) {
            consistency.check(findings, stated, read);
        }
        findings.conclude(LayerResult.valid(
                Layer.CHAIN, read.count() + (read.count() == 1 ? " artifact, " : " artifacts, ") + manifest.span()));
        findings.conclude(LayerResult.valid(
                Layer.SIGNATURES,
                "All " + read.count() + " artifact signatures valid",
                read.signatures().keysUsed()));
        if (head != null) {
            findings.conclude(LayerResult.valid(Layer.CHECKPOINT, describe(head, read)));
        }
        findings.conclude(LayerResult.valid(Layer.INCLUSION, "all " + read.count() + " entries under one head"));
        concludeHeads(read);
        keyEvents.conclude(files);
        if (derived != null) {
            derived.conclude(keys.ring());
        }
        TimeLayer.conclude(question, stamped, manifest.last() + 1, times, "", findings);
        findings.conclude(read.continuity().result());
    }

    /** A proof that an export of this kind does not have would be read by nobody. */
    private void refuseOtherProofs() {
        refuse(
                Layer.INCLUSION,
                manifest.isContiguous() ? BundleNames.ENTRIES : BundleNames.RANGE,
                "is no proof of an export of this kind");
        if (stream == null) {
            refuse(Layer.STREAM_HEADS, BundleNames.STREAM, "belongs to the export of one stream");
        }
    }

    private void refuse(Layer layer, String name, String why) {
        if (files.has(name)) {
            findings.add(layer, FindingName.STRANGER, name, "Stranger: " + name + " " + why);
        }
    }

    /** What manifest.json says of a contiguous export its form makes sure of; of a selection nothing does. */
    private void requireNumbers(LogReading read) {
        if (read.count() != manifest.count() || firstRead != manifest.first() || lastRead != manifest.last()) {
            findings.add(
                    Layer.DERIVED,
                    FindingName.COUNT_MISMATCH,
                    BundleNames.MANIFEST,
                    "manifest.json says " + manifest.count() + " entries from " + manifest.first() + " to "
                            + manifest.last() + "; here are " + read.count() + " from " + firstRead + " to "
                            + lastRead);
        }
    }

    private static String describe(Opened head, LogReading read) {
        Checkpoint checkpoint = head.checkpoint();
        StringBuilder out = new StringBuilder(checkpoint.origin() + " size " + checkpoint.size());
        if (read.newestReceived() != null && read.tree().size() == checkpoint.size()) {
            out.append(", newest entry received ").append(read.newestReceived()).append(" by the log's clock");
        }
        out.append(head.beside());
        return out.toString();
    }

    private void concludeHeads(LogReading read) {
        if (stream != null) {
            findings.conclude(stream.result());
            return;
        }
        long checked = read.heads().checked();
        String heads = checked + (checked == 1 ? " heads entry" : " heads entries");
        if (read.heads().notDerived() > 0) {
            findings.conclude(LayerResult.notCovered(
                    Layer.STREAM_HEADS,
                    read.heads().notDerived() + " not derived again: entries before " + manifest.first()
                            + " are not here"));
        } else if (checked == 0) {
            findings.conclude(LayerResult.notCovered(Layer.STREAM_HEADS, "no heads entry here"));
        } else {
            findings.conclude(LayerResult.valid(
                    Layer.STREAM_HEADS,
                    read.ordinary()
                            + (read.ordinary() == 1 ? " entry in " : " entries in ")
                            + read.ordinaryStreams()
                            + (read.ordinaryStreams() == 1 ? " stream, " : " streams, ")
                            + heads));
        }
    }

    /** A selection leaves out what it likes, so an entry of it says nothing of those before it. */
    Reach reach() {
        Timestamp latest = reading == null ? null : reading.newestReceived();
        return manifest.query().kind() == Manifest.Kind.FILTER
                ? new Reach(latest, "this is a selection, and what was received before its entries may not be here")
                : Reach.to(latest);
    }

    @Override
    public void requirePrefix(long size, Digest root) throws ProofException, IOException {
        consistency.requirePrefix(size, root, stated, reading);
    }

    List<String> proven() {
        List<String> proven = new ArrayList<>();
        proven.add("each statement is byte for byte what a key of this log signed for its place");
        proven.add(
                manifest.isContiguous()
                        ? "entries " + manifest.first() + "–" + manifest.last()
                                + " are whole, in order and under one signed head"
                        : "each entry is under one signed head");
        if (stream != null) {
            stream.addProven(proven);
        } else if (reading != null && reading.heads().checked() > 0) {
            proven.add("what the log says about its streams");
        }
        if (derived != null) {
            derived.addProven(proven);
        }
        return proven;
    }

    List<String> notProven() {
        List<String> open = new ArrayList<>();
        open.add("that what is recorded is true");
        if (!manifest.isWhole()) {
            open.add((manifest.checkpointSize() - manifest.count()) + " entries of this head are not shown");
        }
        keyEvents.addNotProven(open);
        if (derived != null) {
            derived.addNotProven(open);
        }
        if (stream != null) {
            stream.addNotProven(open);
        }
        return open;
    }
}
