package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.verifier.trust.KnownHead;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a note is a checkpoint of this log, signed by a log key in force at its size. */
public final class CheckpointLayer {
    private CheckpointLayer() {}

    /**
     * A checkpoint that holds.
     *
     * @param key that of the log's own line, which is the first
     * @param otherLines lines beside it
     * @param seconds those of them that are the log's own too, by ML-DSA; they hold
     * @param compromisedFrom the index from which on a revocation calls {@code key} compromised, if the checkpoint is by it at
     *     or after that index: then nobody can tell whose it is
     */
    public record Opened(
            Checkpoint checkpoint, VerifierKey key, int otherLines, int seconds, OptionalLong compromisedFrom) {
        /** What the log signed it with. */
        public Set<Algorithm> algorithms() {
            return Checkpoint.algorithms(seconds);
        }

        /** What the layer's line says of lines beside the log's own; empty where there are none. */
        public String beside() {
            int unknown = otherLines - seconds;
            return (seconds > 0 ? "; signed by the log with ML_DSA_44 too" : "")
                    + (unknown > 0 ? "; " + unknown + " more lines by keys not given here, not checked" : "");
        }

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
        Checkpoint checkpoint = Checkpoint.open(note, key, checker);
        // Where several are in force each of them speaks for the log, and none of them says what does not hold.
        List<DeclaredKey> inForce = keys.checkpointKeys(Algorithm.ED25519_SHA_512, indexOf(stated));
        note.verifyKnown(VerifierKey.othersOfLog(log.origin(), inForce, declared), checker);
        boolean suspect = keys.judge(KeyUse.LOG, declared.keyid(), indexOf(stated)) == KeyRing.Judgement.SUSPECT;
        return new Opened(
                checkpoint,
                key,
                note.lines().size() - 1,
                seconds(note, stated, log, keys, checker),
                suspect ? keys.compromisedFrom(declared.keyid()) : OptionalLong.empty());
    }

    /** Lines of the log's ML-DSA keys; one that does not hold refuses the checkpoint, as any other of the log's would. */
    private static int seconds(
            SignedNote note, Checkpoint stated, LogDeclaration log, KeyRing keys, SignatureChecker checker)
            throws NoteException, UncheckableException {
        return Checkpoint.secondLines(note, secondKeys(stated, log, keys), checker);
    }

    /** The keys of the log's own lines beside the first, in force at the size of {@code stated}. */
    public static List<VerifierKey> secondKeys(Checkpoint stated, LogDeclaration log, KeyRing keys) {
        return VerifierKey.secondsOfLog(log.origin(), keys.checkpointKeys(Algorithm.ML_DSA_44, indexOf(stated)));
    }

    /** The keys one of which the log's first line is by, in force at the size of {@code stated}. */
    public static List<VerifierKey> firstKeys(Checkpoint stated, LogDeclaration log, KeyRing keys) {
        return keys.checkpointKeys(Algorithm.ED25519_SHA_512, indexOf(stated)).stream()
                .map(key -> VerifierKey.ofLog(log.origin(), key))
                .toList();
    }

    /** Whether a line of {@code note} names a log key in force at its size, be the signature right or wrong. */
    static boolean namesKeyInForce(SignedNote note, @Nullable Checkpoint stated, LogDeclaration log, KeyRing keys) {
        return stated != null && note.lines().stream().anyMatch(line -> keyOf(line, stated, log, keys) != null);
    }

    private static @Nullable DeclaredKey keyOf(
            SignatureLine line, Checkpoint stated, LogDeclaration log, KeyRing keys) {
        for (DeclaredKey declared : keys.checkpointKeys(Algorithm.ED25519_SHA_512, indexOf(stated))) {
            VerifierKey key = VerifierKey.ofLog(log.origin(), declared);
            if (key.isNamedBy(line)) {
                return declared;
            }
        }
        return null;
    }

    private static SequenceNumber indexOf(Checkpoint stated) {
        return new SequenceNumber(Math.max(0, stated.size() - 1));
    }
}
