package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import org.jspecify.annotations.Nullable;

/** Whether a note is a checkpoint of this log, signed by a log key in force at its size. */
public final class CheckpointLayer {
    private CheckpointLayer() {}

    /** A checkpoint that holds, and the key that signed it. */
    public record Opened(Checkpoint checkpoint, VerifierKey key, int otherLines) {}

    /** @throws NoteException if it is not; the message says why */
    public static Opened open(SignedNote note, LogDeclaration log, KeyRing keys, SignatureChecker checker)
            throws NoteException, UncheckableException {
        Checkpoint stated = Checkpoint.parse(note.text());
        if (!stated.origin().equals(log.origin())) {
            throw new NoteException("the checkpoint is of log " + stated.origin() + ", not of " + log.origin());
        }
        VerifierKey key = keyOf(note.lines().get(0), stated, log, keys);
        if (key == null) {
            throw new NoteException("the first signature line is not by a log key in force at size " + stated.size());
        }
        for (SignatureLine other : note.lines().subList(1, note.lines().size())) {
            if (key.name().equals(other.name()) && key.keyId().equals(other.keyId())) {
                throw new NoteException("the log's own line is there twice");
            }
        }
        return new Opened(Checkpoint.open(note, key, checker), key, note.lines().size() - 1);
    }

    /** Whether a line of {@code note} names a log key in force at its size, be the signature right or wrong. */
    static boolean namesKeyInForce(SignedNote note, @Nullable Checkpoint stated, LogDeclaration log, KeyRing keys) {
        return stated != null && note.lines().stream().anyMatch(line -> keyOf(line, stated, log, keys) != null);
    }

    private static @Nullable VerifierKey keyOf(
            SignatureLine line, Checkpoint stated, LogDeclaration log, KeyRing keys) {
        SequenceNumber index = new SequenceNumber(Math.max(0, stated.size() - 1));
        for (DeclaredKey declared : keys.inForce(KeyUse.LOG, index)) {
            VerifierKey key = VerifierKey.ofLog(log.origin(), declared);
            if (key.name().equals(line.name()) && key.keyId().equals(line.keyId())) {
                return key;
            }
        }
        return null;
    }
}
