package dev.terraseal.export;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.verifier.bundle.CheckpointLayer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The log as an archive holds it: its declaration, and its checkpoints with their cosignatures. */
final class ArchivedLog {
    private static final int PAGE = 1000;

    private final ArchiveReader archive;
    private final LogDeclaration log;
    private final SignatureChecker checker;
    private final Boundaries boundaries = new Boundaries();

    private ArchivedLog(ArchiveReader archive, LogDeclaration log, SignatureChecker checker) {
        this.archive = archive;
        this.log = log;
        this.checker = checker;
    }

    static ArchivedLog open(ArchiveReader archive, SignatureChecker checker) throws StoreException, ExportException {
        Stored stored = archive.read(ArchiveNames.LOG, ArchivedLog::isDeclaration)
                .orElseThrow(
                        () -> ExportException.asked(
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

    SignatureChecker checker() {
        return checker;
    }

    Boundaries boundaries() {
        return boundaries;
    }

    LogDeclaration log() {
        return log;
    }

    /**
     * A checkpoint with the cosignatures the archive has for it. A second line of the log, or one of a witness given here, is
     * taken only if it holds: others may write to an archive, and readers refuse a head with a wrong line by a key they know.
     */
    SignedNote cosigned(SignedNote note, KeyRing keys, List<VerifierKey> witnesses) throws StoreException {
        Checkpoint checkpoint = stated(note);
        List<VerifierKey> known = new ArrayList<>(CheckpointLayer.secondKeys(checkpoint, log, keys));
        known.addAll(witnesses);
        Cosigners cosigners = new Cosigners(note, known, CheckpointLayer.firstKeys(checkpoint, log, keys));
        String prefix = ArchiveNames.COSIGNATURES + checkpoint.size() + "/";
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

    /** {@code checkpoints/<size>}, null if the archive has none that the log signed. */
    @Nullable SignedNote locked(long size, KeyRing keys) throws StoreException {
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

    /** What a note of {@link #locked} says. */
    static Checkpoint stated(SignedNote note) {
        try {
            return Checkpoint.parse(note.text());
        } catch (NoteException impossible) {
            throw new IllegalArgumentException(
                    "it was opened, and is no checkpoint: " + impossible.getMessage(), impossible);
        }
    }

    private @Nullable Checkpoint open(Bytes note, KeyRing keys) {
        try {
            return CheckpointLayer.open(SignedNote.parse(note), log, keys, checker)
                    .checkpoint();
        } catch (NoteException | UncheckableException refused) {
            return null;
        }
    }

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
