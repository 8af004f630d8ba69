package dev.terraseal.archiver;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.Cosignature;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The log's own second line on its checkpoints, by an ML-DSA key, where one is in force. It is kept among the cosignatures
 * before the checkpoint is announced, so that every head readers see carries it. One thread.
 */
final class SecondLine {
    /** More than a log ever makes for one size: one, or another after each crash in between. */
    private static final int NAMES_MAX = 1_000;

    private final ArchiveStore store;
    private final Duration retention;
    private final InstantSource clock;
    private final SignatureChecker checker;
    private long size = -1;
    private @Nullable SignatureLine line;

    SecondLine(ArchiveStore store, Duration retention, InstantSource clock, SignatureChecker checker) {
        this.store = store;
        this.retention = retention;
        this.clock = clock;
        this.checker = checker;
    }

    /**
     * Makes it for a checkpoint that is in the archive, or finds the one that was kept before a crash.
     *
     * @param signers the keys that sign there, that of the first line first
     */
    void make(Checkpoint checkpoint, List<? extends MessageSigner> signers) throws StoreException, SigningException {
        size = checkpoint.size();
        line = null;
        if (signers.size() > 1) {
            MessageSigner signer = signers.get(1);
            VerifierKey key = VerifierKey.secondOfLog(checkpoint.origin(), signer.key());
            SignatureLine before = kept(checkpoint, key);
            line = before != null ? before : keep(NoteSigner.signSecond(checkpoint, clock.instant(), signer));
        }
    }

    private @Nullable SignatureLine kept(Checkpoint checkpoint, VerifierKey key) throws StoreException {
        for (String name : store.names(ArchiveNames.COSIGNATURES + size + "/", "", NAMES_MAX)) {
            if (!name.endsWith("-" + key.keyId().hex())) {
                continue;
            }
            Optional<Stored> stored = store.read(name, content -> read(content, checkpoint, key) != null);
            if (stored.isPresent()) {
                return read(stored.get().content(), checkpoint, key);
            }
        }
        return null;
    }

    /**
     * The line in {@code content}, if it is one of {@code key} that holds. Whoever may write to the store can put another in
     * its place, and readers would refuse every head that carried that one.
     */
    private @Nullable SignatureLine read(Bytes content, Checkpoint checkpoint, VerifierKey key) {
        try {
            String text = content.utf8();
            SignatureLine read = SignatureLine.parse(text.substring(0, Math.max(0, text.length() - 1)));
            SignedNote note = new SignedNote(checkpoint.text(), List.of(read));
            return note.verifyKnown(List.of(key), checker).isEmpty() ? null : read;
        } catch (NoteException | IllegalArgumentException notOne) {
            return null;
        } catch (UncheckableException missing) {
            throw new ArchiverStoppedException(
                    "the second line of checkpoints cannot be checked here: " + missing.getMessage(), missing);
        }
    }

    private SignatureLine keep(SignatureLine made) throws StoreException {
        Bytes content = Bytes.utf8(made.text() + "\n");
        Instant until = clock.instant().plus(retention);
        store.keep(name(made), content, until, Validity.equalTo(content));
        return made;
    }

    private String name(SignatureLine made) {
        try {
            return ArchiveNames.cosignature(size, Cosignature.parse(made).unixSeconds(), made.keyId());
        } catch (NoteException impossible) {
            throw new IllegalStateException("a line that was just made does not parse", impossible);
        }
    }

    /** The note with the line behind its first, if it is of the checkpoint the line was made for. */
    SignedNote beside(SignedNote note, long noteSize) {
        SignatureLine own = line;
        if (own == null || noteSize != size) {
            return note;
        }
        List<SignatureLine> lines = new ArrayList<>(note.lines());
        lines.remove(own);
        lines.add(1, own);
        return new SignedNote(note.text(), lines);
    }
}
