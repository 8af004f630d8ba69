package dev.terraseal.verifier.bundle;

import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.verifier.bundle.CheckpointLayer.Opened;
import dev.terraseal.verifier.bundle.KeyEventsReader.KeyEvents;
import dev.terraseal.verifier.entries.Demands;
import dev.terraseal.verifier.entries.SignatureQueue;
import dev.terraseal.verifier.entries.Workers;
import dev.terraseal.verifier.files.BundleFiles;
import dev.terraseal.verifier.files.MalformedException;
import dev.terraseal.verifier.time.Intervals;
import dev.terraseal.verifier.time.Stamped;
import dev.terraseal.verifier.time.TimeReading;
import dev.terraseal.verifier.trust.Conclusion;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.RequestLayer;
import dev.terraseal.verifier.trust.WitnessLayer;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies one bundle in the order of FORMATS section 8. No layer can be switched off; the first failure ends the
 * verification unless every one is wanted.
 */
public final class BundleVerification {
    private static final int LOG_MAX = 1 << 20;
    private static final int MANIFEST_MAX = 16 << 20;

    private final BundleFiles files;
    private final Question question;
    private final SignatureChecker checker;
    private final Findings findings;
    private final long explaining;

    private @Nullable LogDeclaration log;
    private @Nullable Manifest manifest;
    private @Nullable SignedNote note;
    private @Nullable Checkpoint stated;
    private @Nullable Opened head;
    private @Nullable EntriesLayers entries;
    private WitnessLayer.@Nullable Seen headSeen;
    private Stamped stamped = Stamped.NONE;
    private @Nullable TimeReading times;

    public BundleVerification(BundleFiles files, Question question, SignatureChecker checker) {
        this(files, question, checker, FirstDifference.BUDGET);
    }

    BundleVerification(BundleFiles files, Question question, SignatureChecker checker, long explaining) {
        this(files, question, checker, new Findings(question.all()), explaining);
    }

    BundleVerification(
            BundleFiles files, Question question, SignatureChecker checker, Findings findings, long explaining) {
        this.explaining = explaining;
        this.files = files;
        this.question = question;
        this.checker = checker;
        this.findings = findings;
    }

    /** Reads everything and judges it. An {@link IOException} means that the files could not be read. */
    public Verdict run() throws IOException {
        try (Workers workers = new Workers()) {
            return run(workers);
        }
    }

    private Verdict run(Workers workers) throws IOException {
        FileHashLayer hashes = new FileHashLayer(files, findings, explaining, workers);
        SealLayer.check(files, findings, checker);
        if (!findings.stopsAt(Layer.SEAL) && files.has(BundleNames.SUMS)) {
            hashes.check();
        }
        if (!findings.stopsAt(Layer.FILE_HASHES)) {
            guarded(Layer.DECLARATION, this::readDeclaration);
        }
        LogDeclaration declared = log;
        Manifest said = manifest;
        if (!findings.stopsAt(Layer.DECLARATION) && declared != null && said != null) {
            verifyLog(declared, said, workers);
        }
        requireHead();
        List<String> proven = entries == null ? List.of() : entries.proven();
        List<String> open = entries == null ? List.of() : entries.notProven();
        return Conclusion.of(question, findings, "bundle", facts(), proven, open, headSeen, stamped.bounds())
                .within(times == null ? Intervals.NONE : times.intervals());
    }

    /** Nothing follows from a bundle whose checkpoint nobody opened, whatever else holds in it. */
    private void requireHead() {
        if (head == null && !findings.anyFailure()) {
            findings.add(
                    Layer.CHECKPOINT,
                    FindingName.NOT_CHECKABLE,
                    BundleNames.CHECKPOINT,
                    "no checkpoint was opened, so nothing is shown to be in the log");
        }
    }

    private void readDeclaration() throws IOException {
        try {
            LogDeclaration read = LogDeclaration.parse(files.read(BundleNames.LOG, LOG_MAX));
            log = read;
            Conclusion.requireTrustedLog(question, read, findings);
        } catch (IllegalArgumentException notOne) {
            throw new MalformedException(BundleNames.LOG, "cannot be read: " + notOne.getMessage());
        }
        try {
            manifest = Manifest.parse(files.read(BundleNames.MANIFEST, MANIFEST_MAX));
        } catch (IllegalArgumentException notOne) {
            throw new MalformedException(BundleNames.MANIFEST, "cannot be read: " + notOne.getMessage());
        }
    }

    private void verifyLog(LogDeclaration declared, Manifest said, Workers workers) throws IOException {
        guarded(Layer.CHECKPOINT, this::readHead);
        SignatureQueue queue = new SignatureQueue(findings, checker, workers);
        Checkpoint unverified = stated;
        KeyEventsReader reader = unverified != null && KeyEventsReader.isPresent(files)
                ? new KeyEventsReader(files, findings, declared, unverified, queue)
                : null;
        KeyEvents keys = readKeyEvents(declared, reader, queue);
        openHead(declared, keys);
        WitnessLayer.Seen seen = WitnessLayer.check(
                question,
                head == null ? null : note,
                head == null ? List.of() : CheckpointLayer.secondKeys(head.checkpoint(), declared, keys.ring()),
                BundleNames.CHECKPOINT,
                findings,
                checker);
        guarded(Layer.TIME, () -> readStamps(declared, keys));
        Demands demands = question.demands(seen, stamped.bounds());
        if (reader != null) {
            guarded(Layer.KEY_EVENTS, () -> reader.checkSignatures(keys, demands));
        }
        TimeReading reading = new TimeReading(stamped.bounds(), declared, question, checker, findings);
        times = reading;
        EntriesLayers layers = new EntriesLayers(files, findings, declared, said, keys, unverified, stamped, reading);
        entries = layers;
        guarded(Layer.CHAIN, () -> layers.read(queue, question, demands));
        guarded(Layer.DERIVED, () -> layers.conclude(head, question));
        new RequestLayer(
                        question,
                        findings,
                        known -> CheckpointLayer.open(known, declared, keys.ring(), checker)
                                .known())
                .check(
                        head == null ? null : head.checkpoint(),
                        head == null ? null : head.key(),
                        head == null ? Set.of() : head.algorithms(),
                        layers.reach(),
                        layers,
                        seen,
                        demands);
        headSeen = seen;
    }

    private void readStamps(LogDeclaration declared, KeyEvents keys) throws IOException {
        Opened opened = head;
        if (opened != null) {
            stamped = new BundleStamps(files, findings, declared, keys.ring(), opened, checker).read(question.trust());
        }
    }

    private KeyEvents readKeyEvents(LogDeclaration declared, @Nullable KeyEventsReader reader, SignatureQueue queue)
            throws IOException {
        if (!KeyEventsReader.isPresent(files)) {
            return KeyEvents.none(declared);
        }
        List<KeyEvents> read = new ArrayList<>();
        if (reader != null) {
            guarded(Layer.KEY_EVENTS, () -> read.add(reader.read()));
            queue.flush();
        }
        return read.isEmpty() ? KeyEvents.unread(declared) : read.get(0);
    }

    private void readHead() throws IOException {
        try {
            SignedNote read = SignedNote.parse(files.read(BundleNames.CHECKPOINT, SignedNote.MAX_BYTES));
            stated = Checkpoint.parse(read.text());
            note = read;
        } catch (NoteException wrong) {
            HeadJudge.refuse(findings, BundleNames.CHECKPOINT, wrong);
        }
    }

    private void openHead(LogDeclaration declared, KeyEvents keys) {
        SignedNote read = note;
        if (read != null) {
            head = new HeadJudge(findings, BundleNames.CHECKPOINT, declared, keys.ring(), keys.applied())
                    .judge(read, stated, () -> CheckpointLayer.open(read, declared, keys.ring(), checker));
        }
    }

    private Verdict.Facts facts() {
        LogDeclaration declared = log;
        return new Verdict.Facts(
                declared == null ? null : declared.origin().value(),
                declared == null ? null : declared.genesis().hex(),
                head == null ? null : Long.valueOf(head.checkpoint().size()),
                head == null ? null : head.checkpoint().root().base64(),
                manifest == null ? null : Long.valueOf(manifest.first()),
                manifest == null ? null : Long.valueOf(manifest.count()),
                null);
    }

    /** A step that reads; what it finds malformed is a finding of its layer. */
    private interface Step {
        void run() throws IOException;
    }

    private void guarded(Layer layer, Step step) throws IOException {
        try {
            step.run();
        } catch (MalformedException malformed) {
            findings.add(
                    layerOf(malformed.file(), layer),
                    FindingName.MALFORMED,
                    malformed.file(),
                    String.valueOf(malformed.getMessage()));
        }
    }

    /** Which layer a file belongs to that was read while another one was being checked. */
    private static Layer layerOf(String file, Layer reading) {
        return switch (file) {
            case BundleNames.SIGNATURES, BundleNames.BATCHES -> Layer.SIGNATURES;
            case BundleNames.ENTRIES -> Layer.INCLUSION;
            case BundleNames.ENVELOPES -> Layer.DERIVED;
            default -> reading;
        };
    }
}
