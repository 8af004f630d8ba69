package dev.terraseal.verifier.archive;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.chain.Heads;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.CompactRange;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.verifier.bundle.KeyEventJudge;
import dev.terraseal.verifier.entries.ChainCheck;
import dev.terraseal.verifier.entries.Demands;
import dev.terraseal.verifier.entries.Entry;
import dev.terraseal.verifier.entries.LogReading;
import dev.terraseal.verifier.entries.SignatureCheck;
import dev.terraseal.verifier.entries.SignatureQueue;
import dev.terraseal.verifier.time.TimeReading;
import dev.terraseal.verifier.trust.History;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** One reading of an archive from its first entry to its last, with the keys that are assumed to be in force. */
final class ArchivePass implements History {
    private final ArchiveFiles archive;
    private final Findings findings;
    private final LogDeclaration log;
    private final SignatureQueue queue;
    private final CheckpointsInStep checkpoints;
    private final TileCheck tiles;
    private final LogReading reading;
    private final SegmentVersions versions;
    private final Set<String> keySegments = new HashSet<>();
    private final Set<Long> headsSeen = new HashSet<>();
    private final SignedBatches batches;
    private final TimeReading times;
    private KeyRing learned;
    /** Entries are missing and so are their hashes: from there on no root can be derived. */
    private boolean lost;

    ArchivePass(
            ArchiveFiles archive,
            Findings findings,
            LogDeclaration log,
            KeyRing assumed,
            SignatureQueue queue,
            Question question,
            Demands demands,
            TimeReading times) {
        this.archive = archive;
        this.findings = findings;
        this.log = log;
        this.times = times;
        this.queue = queue;
        this.learned = KeyRing.of(log);
        SignatureChecker checker = queue.checker();
        this.checkpoints = new CheckpointsInStep(archive, findings, log, assumed, checker);
        this.tiles = new TileCheck(archive, findings);
        this.batches = new SignedBatches(archive, log, assumed, checker);
        this.versions = new SegmentVersions(archive, findings, log, assumed, checker, batches);
        SignatureCheck signatures =
                new SignatureCheck(findings, Layer.SIGNATURES, log, assumed, queue, batches, demands, true);
        this.reading = new LogReading(
                findings,
                new ChainCheck(findings, log, 0),
                signatures,
                new CompactRange(),
                question.olderSizes(),
                true);
    }

    void run() throws IOException {
        checkpoints.reach(reading.tree());
        try (Segments segments = new Segments(archive, findings, versions, log.genesis())) {
            for (Entry entry = segments.next(); entry != null; entry = segments.next()) {
                fill(entry.index().value());
                reading.take(entry, this::see);
                grow(entry.entryHash());
                if (findings.isDecided(Layer.CHAIN)) {
                    return;
                }
            }
        }
        finish();
    }

    private void finish() throws IOException {
        long end = reading.tree().size();
        if (!lost && end < archive.newestCheckpoint()) {
            // Entries are missing at the end: whether nothing else is wrong with the tree, the tiles can show.
            checkpoints.missing(end);
            fill(archive.newestCheckpoint());
        }
        reading.finish();
        if (lost) {
            checkpoints.giveUp();
        } else {
            checkpoints.finish(reading.tree());
            tiles.finish();
        }
        checkpoints.checkCopy();
        refuseSpareFiles();
    }

    private void grow(Digest entryHash) throws IOException {
        if (!lost) {
            tiles.append(entryHash);
            checkpoints.reach(reading.tree());
        }
    }

    /**
     * Goes on over missing entries with the hashes that the tiles hold of them: if those lead to the checkpoints that the
     * log signed, these entries are missing and nothing else was changed.
     */
    private void fill(long to) throws IOException {
        while (!lost && reading.tree().size() < to) {
            Optional<Digest> hash = tiles.entryHash(reading.tree().size());
            if (hash.isEmpty()) {
                lost = true;
            } else {
                reading.skip(hash.get());
                grow(hash.get());
            }
        }
    }

    private void see(Entry entry, Statement statement) throws IOException {
        times.see(entry, statement);
        if (statement.stream().equals(StreamId.KEYS)) {
            learned = KeyEventJudge.apply(learned, entry, statement, findings, queue);
            keySegments.add(entry.file().substring(0, entry.file().indexOf(' ')));
        }
        if (statement.type() == PredicateType.HEADS) {
            checkHeads(entry);
        }
    }

    private void checkHeads(Entry entry) throws IOException {
        String name = ArchiveFiles.numbered(ArchiveFiles.HEADS, entry.index().value(), ".json");
        headsSeen.add(entry.index().value());
        Bytes leaves = reading.heads().newestLeaves();
        boolean covered = entry.index().value() < archive.newestCheckpoint();
        if (!archive.files().has(name)) {
            if (covered) {
                findings.add(Layer.STREAM_HEADS, FindingName.MISSING_FILE, name, "Missing file: " + name);
            }
        } else if (leaves != null && !holds(name, leaves)) {
            findings.add(
                    Layer.STREAM_HEADS, FindingName.BAD_HEADS, name, name + " is not what the entries below it give");
        }
    }

    /** Reads no more than what it has to be. */
    private boolean holds(String name, Bytes expected) throws IOException {
        archive.settle(name, expected::equals);
        return archive.files().size(name) == expected.length()
                && archive.files().read(name, expected.length()).equals(expected);
    }

    private void refuseSpareFiles() throws IOException {
        // Of a growing archive both may be there before the segment with their entry was.
        for (String name : archive.under(ArchiveFiles.HEADS)) {
            long sequence = sequence(name, ArchiveFiles.HEADS.length());
            if (!headsSeen.contains(sequence)) {
                judgeUnseenHeads(name, sequence);
            }
        }
        for (String name : archive.under(ArchiveFiles.BATCHES)) {
            long first = sequence(name, ArchiveFiles.BATCHES.length());
            if (!batches.used().contains(first)
                    && (first < 0 || !batches.isTrue(first, reading.tree().size(), tiles))) {
                spare(Layer.SIGNATURES, name, "is named by no entry, and is no signature over those it covers");
            }
        }
    }

    private void judgeUnseenHeads(String name, long sequence) throws IOException {
        long above = sequence - reading.tree().size();
        if (above < 0 || archive.isShared() && (above > Batch.COUNT_MAX || !archive.any(name, ArchivePass::isHeads))) {
            spare(Layer.STREAM_HEADS, name, "belongs to no heads entry");
        } else {
            // Its entry may be on its way; until it is there nobody can say whose it is, nor how long it has to be
            // kept.
            archive.setAside(name);
        }
    }

    private static boolean isHeads(Bytes content) {
        try {
            Heads.parseFile(content);
            return true;
        } catch (IllegalArgumentException planted) {
            return false;
        }
    }

    private void spare(Layer layer, String name, String what) throws IOException {
        archive.spare(findings, layer, FindingName.STRANGER, name, name + " " + what);
    }

    private static long sequence(String name, int from) {
        try {
            return SequenceNumber.fromPadded(name.substring(from, Math.max(from, name.length() - ".json".length())))
                    .value();
        } catch (IllegalArgumentException notOne) {
            return -1;
        }
    }

    /** What the key events in the log make of log.json. */
    KeyRing learned() {
        return learned;
    }

    /** The segments with key events. */
    Set<String> keySegments() {
        return keySegments;
    }

    TimeReading times() {
        return times;
    }

    LogReading reading() {
        return reading;
    }

    CheckpointsInStep checkpoints() {
        return checkpoints;
    }

    TileCheck tiles() {
        return tiles;
    }

    @Override
    public void requirePrefix(long size, Digest root) throws ProofException {
        Digest own = size == 0 ? null : reading.rootAt(size);
        if (own == null) {
            throw new ProofException("the archive of " + log.origin() + " was not read to size " + size);
        }
        if (!own.equals(root)) {
            throw ProofException.mismatch("two histories: the trees of size " + size + " differ", root, own);
        }
    }
}
