package dev.terraseal.verifier.archive;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogCheckpoints;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.CompactRange;
import dev.terraseal.verifier.bundle.CheckpointLayer;
import dev.terraseal.verifier.files.MalformedException;
import dev.terraseal.verifier.trust.KnownHead;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every checkpoint an archive keeps, compared with the tree as the entries reach its size. */
final class CheckpointsInStep implements KnownHead.Opener {
    private final ArchiveFiles archive;
    private final Findings findings;
    private final LogDeclaration log;
    private final KeyRing keys;
    private final SignatureChecker checker;
    private int at;
    private CheckpointLayer.@Nullable Opened newest;

    CheckpointsInStep(
            ArchiveFiles archive, Findings findings, LogDeclaration log, KeyRing keys, SignatureChecker checker) {
        this.archive = archive;
        this.findings = findings;
        this.log = log;
        this.keys = keys;
        this.checker = checker;
    }

    void reach(CompactRange tree) throws IOException {
        while (at < archive.checkpointSizes().size()
                && archive.checkpointSizes().get(at) == tree.size()) {
            open(archive.checkpointSizes().get(at++), tree);
        }
    }

    private void open(long size, CompactRange tree) throws IOException {
        String name = ArchiveFiles.CHECKPOINTS + size;
        if (!archive.files().has(name)) {
            fail(FindingName.MISSING_FILE, name, "was there a moment ago");
            return;
        }
        requireOneHistory(size, tree);
        try {
            SignedNote note = SignedNote.parse(archive.read(
                    name, SignedNote.MAX_BYTES, content -> signed(size, content).isPresent()));
            CheckpointLayer.Opened opened = CheckpointLayer.open(note, log, keys, checker);
            Checkpoint checkpoint = opened.checkpoint();
            if (checkpoint.size() != size) {
                fail(FindingName.WRONG_PLACE, name, "is a checkpoint of size " + checkpoint.size());
            } else if (opened.otherLines() > 0) {
                fail(FindingName.BAD_CHECKPOINT, name, "has lines beside the log's own");
            } else if (!checkpoint.root().equals(tree.root())) {
                fail(FindingName.TWO_HISTORIES, name, otherRoot(checkpoint, tree));
            } else {
                newest = opened;
            }
        } catch (NoteException wrong) {
            archive.spare(
                    findings,
                    Layer.CHECKPOINT,
                    FindingName.BAD_CHECKPOINT,
                    name,
                    name + " is refused: " + wrong.getMessage());
        } catch (MalformedException wrong) {
            archive.spare(findings, Layer.CHECKPOINT, FindingName.MALFORMED, name, String.valueOf(wrong.getMessage()));
        } catch (UncheckableException unknown) {
            findings.add(Layer.CHECKPOINT, FindingName.NOT_CHECKABLE, name, String.valueOf(unknown.getMessage()));
        }
    }

    private static String otherRoot(Checkpoint checkpoint, CompactRange tree) {
        return "has root " + checkpoint.root().base64() + "; the entries give "
                + tree.root().base64();
    }

    /** No version of a checkpoint that the log signed has another root, also where an older one counts. */
    private void requireOneHistory(long size, CompactRange tree) throws IOException {
        String name = ArchiveFiles.CHECKPOINTS + size;
        for (int i = 0;
                archive.files().versions(name) > 1 && i < archive.files().versions(name);
                i++) {
            Optional<Checkpoint> each = signed(size, archive.files().version(name, i));
            if (each.isPresent() && !each.get().root().equals(tree.root())) {
                fail(FindingName.TWO_HISTORIES, name, "in one of its versions " + otherRoot(each.get(), tree));
            }
        }
    }

    /** The keys of the log's own lines beside the first on a checkpoint of that size; none of a size that none can have. */
    List<VerifierKey> secondKeys(long size) {
        return size > Checkpoint.SIZE_MAX
                ? List.of()
                : VerifierKey.secondsOfLog(
                        log.origin(), keys.checkpointKeys(Algorithm.ML_DSA_44, LogCheckpoints.indexOf(size)));
    }

    /** The checkpoint of that size, if the log signed it and nothing else is there. */
    Optional<Checkpoint> signed(long size, Bytes content) {
        try {
            CheckpointLayer.Opened opened = CheckpointLayer.open(SignedNote.parse(content), log, keys, checker);
            return Optional.of(opened.checkpoint())
                    .filter(checkpoint -> checkpoint.size() == size && opened.otherLines() == 0);
        } catch (NoteException | UncheckableException | IllegalArgumentException notOne) {
            return Optional.empty();
        }
    }

    /** Before the first entry, where others can put objects: which checkpoint is the newest. */
    void settle() throws IOException {
        for (long size : archive.settleNewestCheckpoint(this::isSigned)) {
            String name = ArchiveFiles.CHECKPOINTS + size;
            archive.spare(
                    findings,
                    Layer.CHECKPOINT,
                    FindingName.BAD_CHECKPOINT,
                    name,
                    name + " is no checkpoint that this log signed");
        }
        archive.settle(ArchiveFiles.CHECKPOINTS + archive.newestCheckpoint(), this::isSigned);
    }

    private boolean isSigned(Bytes content) {
        try {
            return signed(Checkpoint.parse(SignedNote.parse(content).text()).size(), content)
                    .isPresent();
        } catch (NoteException | IllegalArgumentException notOne) {
            return false;
        }
    }

    /** After the last entry: checkpoints of sizes that were not reached speak of entries that are gone. */
    void finish(CompactRange tree) {
        if (archive.checkpointSizes().isEmpty()) {
            fail(
                    FindingName.MISSING_FILE,
                    ArchiveFiles.CHECKPOINTS,
                    "holds no checkpoint; a log has one from its birth");
        }
        while (at < archive.checkpointSizes().size()) {
            long size = archive.checkpointSizes().get(at++);
            fail(
                    FindingName.MISSING_ENTRY,
                    ArchiveFiles.CHECKPOINTS + size,
                    "speaks of " + size + " entries; only " + tree.size() + " are here");
        }
        refuseSuspectHead();
    }

    /** Of older checkpoints the newest one says as much as their own key: they are of the tree that it is over. */
    private void refuseSuspectHead() {
        CheckpointLayer.Opened head = newest;
        if (head != null && head.suspicion().isPresent()) {
            fail(
                    FindingName.SUSPECT,
                    ArchiveFiles.CHECKPOINTS + head.checkpoint().size(),
                    "is " + head.suspicion().get());
        }
    }

    @Override
    public KnownHead open(SignedNote note) throws NoteException, UncheckableException {
        return CheckpointLayer.open(note, log, keys, checker).known();
    }

    /** The log signed more entries than are here: those from {@code end} on. */
    void missing(long end) {
        fail(
                FindingName.MISSING_ENTRY,
                ArchiveFiles.CHECKPOINTS + archive.newestCheckpoint(),
                "speaks of " + archive.newestCheckpoint() + " entries; those from " + end + " on are missing");
    }

    /** Entries are missing, and what would tell the tree above them: nothing more can be compared. */
    void giveUp() {
        int left = archive.checkpointSizes().size() - at;
        if (left > 0) {
            fail(
                    FindingName.MISSING_ENTRY,
                    ArchiveFiles.CHECKPOINTS + archive.checkpointSizes().get(at),
                    "and the " + (left - 1) + " after it speak of entries that are missing, and were not compared");
        }
        at = archive.checkpointSizes().size();
    }

    /** The mutable copy that readers are given must be one of the locked ones, with whatever cosignatures it carries. */
    void checkCopy() throws IOException {
        String name = ArchiveFiles.CHECKPOINT;
        if (!archive.files().has(name)) {
            return;
        }
        try {
            SignedNote note = SignedNote.parse(archive.files().read(name, SignedNote.MAX_BYTES));
            String locked =
                    ArchiveFiles.CHECKPOINTS + Checkpoint.parse(note.text()).size();
            Bytes own = note.firstLineOnly().bytes();
            if (!archive.files().has(locked)
                    || !archive.read(locked, SignedNote.MAX_BYTES, own::equals).equals(own)) {
                fail(FindingName.BAD_CHECKPOINT, name, "is not " + locked);
            }
        } catch (NoteException wrong) {
            fail(FindingName.BAD_CHECKPOINT, name, "is refused: " + wrong.getMessage());
        } catch (MalformedException wrong) {
            findings.add(Layer.CHECKPOINT, FindingName.MALFORMED, name, String.valueOf(wrong.getMessage()));
        }
    }

    int count() {
        return archive.checkpointSizes().size();
    }

    /** The newest checkpoint that holds, or null. */
    CheckpointLayer.@Nullable Opened newest() {
        return newest;
    }

    private void fail(FindingName finding, String name, String message) {
        findings.add(Layer.CHECKPOINT, finding, name, name + " " + message);
    }
}
