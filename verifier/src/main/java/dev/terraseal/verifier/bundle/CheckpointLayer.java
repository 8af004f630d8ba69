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
import dev.terraseal.verifier.trust.KnownHead;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Whether a note is a checkpoint of this log, signed by a log key in force at its size. */
public final class CheckpointLayer {
    private CheckpointLayer() {}

    /**
     * A checkpoint that holds, and the key that signed it.
     *
     * @param compromisedFrom the index from which on a revocation calls that key compromised, if the checkpoint is by it at
     *     or after that index: then nobody can tell whose it is
     */
    public record Opened(Checkpoint checkpoint, VerifierKey key, int otherLines, OptionalLong compromisedFrom) {
        /** Why such a checkpoint is suspect, as the end of a sentence about it; empty if it is not. */
        public Optional<String> suspicion() {
            return compromisedFrom.isEmpty()
                    ? Optional.empty()
                    : Optional.of("signed by log key " + key.text() + ", which the log says was compromised from entry "
                            + compromisedFrom.getAsLong() + " on");
        }

        /** As a checkpoint that a later head has to continue. */
        public KnownHead known() {
            return new KnownHead(checkpoint, suspicion());
        }
    }

    /** @throws NoteException if it is not; the message says why */
    public static Opened open(SignedNote note, LogDeclaration log, KeyRing keys, SignatureChecker checker)
            throws NoteException, UncheckableException {
        Checkpoint stated = Checkpoint.parse(note.text());
        if (!stated.origin().equals(log.origin())) {
            throw new NoteException("the checkpoint is of log " + stated.origin() + ", not of " + log.origin());
        }
        DeclaredKey declared = keyOf(note.lines().get(0), stated, log, keys);
        if (declared == null) {
            throw new NoteException("the first signature line is not by a log key in force at size " + stated.size());
        }
        VerifierKey key = VerifierKey.ofLog(log.origin(), declared);
        for (SignatureLine other : note.lines().subList(1, note.lines().size())) {
            if (key.name().equals(other.name()) && key.keyId().equals(other.keyId())) {
                throw new NoteException("the log's own line is there twice");
            }
        }
        boolean suspect = keys.judge(KeyUse.LOG, declared.keyid(), indexOf(stated)) == KeyRing.Judgement.SUSPECT;
        return new Opened(
                Checkpoint.open(note, key, checker),
                key,
                note.lines().size() - 1,
                suspect ? keys.compromisedFrom(declared.keyid()) : OptionalLong.empty());
    }

    /** Whether a line of {@code note} names a log key in force at its size, be the signature right or wrong. */
    static boolean namesKeyInForce(SignedNote note, @Nullable Checkpoint stated, LogDeclaration log, KeyRing keys) {
        return stated != null && note.lines().stream().anyMatch(line -> keyOf(line, stated, log, keys) != null);
    }

    private static @Nullable DeclaredKey keyOf(
            SignatureLine line, Checkpoint stated, LogDeclaration log, KeyRing keys) {
        for (DeclaredKey declared : keys.inForce(KeyUse.LOG, indexOf(stated))) {
            VerifierKey key = VerifierKey.ofLog(log.origin(), declared);
            if (key.name().equals(line.name()) && key.keyId().equals(line.keyId())) {
                return declared;
            }
        }
        return null;
    }

    private static SequenceNumber indexOf(Checkpoint stated) {
        return new SequenceNumber(Math.max(0, stated.size() - 1));
    }
}
