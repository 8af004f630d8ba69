package dev.terraseal.export;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.chain.Heads;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.Proofs;
import dev.terraseal.core.tiles.TileReader;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.TileForm;
import dev.terraseal.verifier.bundle.CheckpointLayer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The log as an archive holds it: its declaration, its newest head, and proofs about that head. */
final class ArchivedLog {
    private static final int PAGE = 1000;

    private final ArchiveReader archive;
    private final LogDeclaration log;
    private final SignatureChecker checker;

    private ArchivedLog(ArchiveReader archive, LogDeclaration log, SignatureChecker checker) {
        this.archive = archive;
        this.log = log;
        this.checker = checker;
    }

    static ArchivedLog open(ArchiveReader archive, SignatureChecker checker) throws StoreException, ExportException {
        Stored stored = archive.read(ArchiveNames.LOG, ArchivedLog::isDeclaration)
                .orElseThrow(
                        () -> new ExportException(
                                "there is no log.json in this archive; is it the right one? A log begins with 'terraseal log init'"));
        return new ArchivedLog(archive, LogDeclaration.parse(stored.content()), checker);
    }

    private static boolean isDeclaration(Bytes content) {
        try {
            LogDeclaration.parse(content);
            return true;
        } catch (IllegalArgumentException notOne) {
            return false;
        }
    }

    ArchiveReader archive() {
        return archive;
    }

    LogDeclaration log() {
        return log;
    }

    /**
     * The newest checkpoint with the cosignatures the archive has for it. A second line of the log, or one of a witness given
     * here, is taken only if it holds: others may write to an archive, and readers refuse a head with a wrong line by a key
     * they know.
     */
    SignedNote newestHead(KeyRing keys, List<VerifierKey> witnesses) throws StoreException, ExportException {
        long size = newestSize(keys);
        SignedNote note = locked(size, keys);
        if (note == null) {
            throw new ExportException(
                    "checkpoints/" + size + " is not in the archive; check it with 'terraseal verify ARCHIVE'");
        }
        Cosigners cosigners = new Cosigners(note);
        List<VerifierKey> known = new ArrayList<>(witnesses);
        known.addAll(secondKeys(note, keys));
        String prefix = ArchiveNames.COSIGNATURES + size + "/";
        String after = "";
        while (true) {
            List<String> names = archive.names(prefix, after, PAGE);
            for (String name : names) {
                Optional<Stored> stored = archive.read(name, content -> cosignature(content, note, known) != null);
                SignatureLine line =
                        stored.isPresent() ? cosignature(stored.get().content(), note, known) : null;
                if (line != null) {
                    cosigners.add(line);
                }
                after = name;
            }
            if (names.size() < PAGE) {
                return cosigners.note();
            }
        }
    }

    private List<VerifierKey> secondKeys(SignedNote note, KeyRing keys) {
        Checkpoint checkpoint = open(note.bytes(), keys);
        return checkpoint == null ? List.of() : CheckpointLayer.secondKeys(checkpoint, log, keys);
    }

    private @Nullable SignatureLine cosignature(Bytes content, SignedNote note, List<VerifierKey> known) {
        try {
            String text = content.utf8();
            if (!text.endsWith("\n")) {
                return null;
            }
            SignatureLine line = SignatureLine.parse(text.substring(0, text.length() - 1));
            new SignedNote(note.text(), List.of(line)).verifyKnown(known, checker);
            return line;
        } catch (NoteException | IllegalArgumentException | UncheckableException notOne) {
            return null;
        }
    }

    private long newestSize(KeyRing keys) throws StoreException, ExportException {
        Optional<Bytes> mutable = archive.readNewest(ArchiveNames.CHECKPOINT);
        if (mutable.isPresent()) {
            Checkpoint checkpoint = open(mutable.get(), keys);
            if (checkpoint != null) {
                return checkpoint.size();
            }
        }
        long newest = -1;
        String after = "";
        List<String> names;
        do {
            names = archive.names(ArchiveNames.CHECKPOINTS, after, PAGE);
            for (String name : names) {
                String size = name.substring(ArchiveNames.CHECKPOINTS.length());
                if (size.matches("0|[1-9][0-9]{0,15}")) {
                    newest = Math.max(newest, Long.parseLong(size));
                }
                after = name;
            }
        } while (names.size() == PAGE);
        if (newest < 0) {
            throw new ExportException("the archive has no checkpoint; is the archiver running?");
        }
        return newest;
    }

    private @Nullable SignedNote locked(long size, KeyRing keys) throws StoreException {
        Optional<Stored> stored = archive.read(ArchiveNames.checkpoint(size), content -> {
            Checkpoint checkpoint = open(content, keys);
            return checkpoint != null && checkpoint.size() == size;
        });
        try {
            return stored.isEmpty() ? null : SignedNote.parse(stored.get().content());
        } catch (NoteException checkedBefore) {
            return null;
        }
    }

    /** The bytes of {@code checkpoints/<size>}, null if the archive has no such checkpoint of this log. */
    @Nullable Bytes checkpoint(long size, KeyRing keys) throws StoreException {
        SignedNote note = locked(size, keys);
        return note == null ? null : note.firstLineOnly().bytes();
    }

    private @Nullable Checkpoint open(Bytes note, KeyRing keys) {
        try {
            return CheckpointLayer.open(SignedNote.parse(note), log, keys, checker)
                    .checkpoint();
        } catch (NoteException | UncheckableException refused) {
            return null;
        }
    }

    /** Proofs about the tree of a size; what they read is not trusted, so whoever uses them verifies. */
    Proofs proofs(long size) {
        return new Proofs(new RecentNodes(new TileReader(this::tile, size)), size);
    }

    private @Nullable Bytes tile(String path) {
        try {
            // Only full tiles are locked and have a history.
            return path.contains(".p/")
                    ? archive.readNewest(path).orElse(null)
                    : archive.read(path, TileForm.of(path)).map(Stored::content).orElse(null);
        } catch (StoreException unanswered) {
            throw new UncheckedIOException(unanswered);
        }
    }

    /** The newest heads entry below {@code size}, and its leaves; null if the log has none there. */
    @Nullable ArchivedHeads newestHeads(long size) throws StoreException, ExportException {
        if (size == 0) {
            return null;
        }
        Optional<String> name =
                archive.newestNumbered(ArchiveNames.HEADS, ArchiveNames.JSON_SUFFIX, new SequenceNumber(size - 1));
        Optional<SequenceNumber> sequence = name.flatMap(ArchiveNames::headsSequence);
        if (name.isEmpty() || sequence.isEmpty()) {
            return null;
        }
        Stored stored = archive.read(name.get(), ArchivedLog::isHeads)
                .orElseThrow(() -> new ExportException(
                        name.get() + " cannot be read as heads; check it with 'terraseal verify ARCHIVE'"));
        return new ArchivedHeads(sequence.get(), Heads.parseFile(stored.content()));
    }

    private static boolean isHeads(Bytes content) {
        try {
            Heads.parseFile(content);
            return true;
        } catch (IllegalArgumentException notHeads) {
            return false;
        }
    }

    /** A heads entry by its sequence, with the leaves it commits to. */
    record ArchivedHeads(SequenceNumber sequence, Heads heads) {}

    /** Every name under a prefix, in pages. */
    void eachName(String prefix, NameReader reader) throws IOException, ExportException {
        String after = "";
        List<String> names;
        do {
            names = archive.names(prefix, after, PAGE);
            for (String name : names) {
                reader.read(name);
                after = name;
            }
        } while (names.size() == PAGE);
    }

    /** Who is told each name. */
    interface NameReader {
        void read(String name) throws IOException, ExportException;
    }
}
