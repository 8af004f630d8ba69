package dev.terraseal.core.receipt;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.proof.TlogProof;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The signed head, opened while the statement is being checked: in a process that just started both take as long. */
final class ReceiptHead extends Thread {
    private final KeyRing keys;
    private final SignatureChecker checker;
    private final Receipt receipt;
    private final TlogProof proof;
    private @Nullable Opened opened;
    private @Nullable Exception refused;

    record Opened(Checkpoint checkpoint, VerifierKey key, int seconds, boolean suspect) {}

    ReceiptHead(Receipt receipt, TlogProof proof, KeyRing keys, SignatureChecker checker) {
        super("head");
        this.keys = keys;
        this.checker = checker;
        this.receipt = receipt;
        this.proof = proof;
        setDaemon(true);
    }

    @Override
    public void run() {
        try {
            Checkpoint stated = Checkpoint.parse(proof.checkpoint().text());
            DeclaredKey declared = headKey(stated);
            VerifierKey key = VerifierKey.ofLog(receipt.log().origin(), declared);
            Checkpoint checkpoint = Checkpoint.open(proof.checkpoint(), key, checker);
            List<DeclaredKey> inForce = keys.checkpointKeys(Algorithm.ED25519_SHA_512, indexOf(stated));
            proof.checkpoint().verifyKnown(VerifierKey.othersOfLog(receipt.log().origin(), inForce, declared), checker);
            boolean suspect = keys.judge(KeyUse.LOG, declared.keyid(), indexOf(stated)) == KeyRing.Judgement.SUSPECT;
            opened = new Opened(checkpoint, key, seconds(checkpoint), suspect);
        } catch (NoteException | UncheckableException | RuntimeException wrong) {
            refused = wrong;
        }
    }

    Opened opened() throws NoteException, UncheckableException {
        try {
            join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a checkpoint was being checked", stopped);
        }
        Exception wrong = refused;
        if (wrong instanceof NoteException note) {
            throw note;
        } else if (wrong instanceof UncheckableException unknown) {
            throw unknown;
        } else if (wrong instanceof RuntimeException broken) {
            throw broken;
        }
        return Objects.requireNonNull(opened);
    }

    private int seconds(Checkpoint checkpoint) throws NoteException, UncheckableException {
        List<VerifierKey> second = VerifierKey.secondsOfLog(
                receipt.log().origin(), keys.checkpointKeys(Algorithm.ML_DSA_44, indexOf(checkpoint)));
        return Checkpoint.secondLines(proof.checkpoint(), second, checker);
    }

    private DeclaredKey headKey(Checkpoint stated) throws NoteException {
        SignatureLine line = proof.checkpoint().lines().get(0);
        for (DeclaredKey declared : keys.checkpointKeys(Algorithm.ED25519_SHA_512, indexOf(stated))) {
            VerifierKey key = VerifierKey.ofLog(receipt.log().origin(), declared);
            if (key.isNamedBy(line)) {
                return declared;
            }
        }
        throw new NoteException("the first signature line is not by a log key of "
                + receipt.log().origin());
    }

    private static SequenceNumber indexOf(Checkpoint stated) {
        return new SequenceNumber(Math.max(0, stated.size() - 1));
    }
}
