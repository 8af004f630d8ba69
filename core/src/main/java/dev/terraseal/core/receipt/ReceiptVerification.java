package dev.terraseal.core.receipt;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.KeyRing.UnauthorisedException;
import dev.terraseal.core.merkle.InclusionProof;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.proof.TlogProof;
import dev.terraseal.core.statement.Statement;
import java.util.List;
import java.util.Optional;

/**
 * Whether a receipt is one of a log, for programs that hold one: the keys are those of its log.json and of the key events it
 * shows. {@code terraseal verify} judges the statement further, as an entry of a bundle.
 */
public final class ReceiptVerification {
    private final Receipt receipt;
    private final KeyRing keys;
    private final SignatureChecker checker;

    private ReceiptVerification(Receipt receipt, KeyRing keys, SignatureChecker checker) {
        this.receipt = receipt;
        this.keys = keys;
        this.checker = checker;
    }

    /**
     * Judges {@code receipt} by the keys its log.json declares and the key events it shows. Those it does not show cannot be
     * known of.
     *
     * @param genesis what log.json has to hash to
     */
    public static ReceiptCheck check(Receipt receipt, Digest genesis, SignatureChecker checker) {
        if (!receipt.log().genesis().equals(genesis)) {
            return new ReceiptCheck.Refused("the receipt is of another log: its genesis is "
                    + receipt.log().genesis() + ", not " + genesis);
        }
        try {
            return new ReceiptVerification(receipt, ReceiptKeys.ring(receipt, checker), checker).check();
        } catch (RefusedException | UnauthorisedException | ProofException refused) {
            return new ReceiptCheck.Refused(String.valueOf(refused.getMessage()));
        } catch (NoteException refused) {
            return new ReceiptCheck.Refused("its checkpoint does not hold: " + refused.getMessage());
        } catch (UncheckableException unknown) {
            return new ReceiptCheck.Unknown(String.valueOf(unknown.getMessage()));
        }
    }

    private ReceiptCheck check()
            throws RefusedException, UnauthorisedException, NoteException, ProofException, UncheckableException {
        Statement statement = statement();
        checkSignatures(statement);
        checkIdentity(statement);
        if (!ReceiptKeys.showsOwn(receipt, statement)) {
            throw new RefusedException(
                    "entry " + statement.sequence() + " is a key event, and its own receipt does not show it as one");
        }
        ReceiptKeys.requireAuthorised(receipt, statement, keys, checker);
        TlogProof proof = receipt.proof();
        if (proof == null) {
            return new ReceiptCheck.Promised(statement);
        }
        if (proof.index() != statement.sequence().value()) {
            throw new RefusedException(
                    "the proof is of entry " + proof.index() + ", the statement of entry " + statement.sequence());
        }
        Checkpoint head = open(proof.checkpoint());
        InclusionProof.verify(
                proof.index(), head.size(), Merkle.leafHash(statement.entryHash()), proof.path(), head.root());
        ReceiptKeys.requireIncluded(receipt, head);
        return new ReceiptCheck.Proven(statement, head);
    }

    private Statement statement() throws RefusedException {
        Statement statement;
        try {
            statement = receipt.statement();
        } catch (IllegalArgumentException notOne) {
            throw new RefusedException("it is not a statement: " + notOne.getMessage());
        }
        if (!statement.link().log().equals(receipt.log().origin())) {
            throw new RefusedException("the statement is of log "
                    + statement.link().log() + ", not of " + receipt.log().origin());
        }
        if (!statement.derivedContentDigest().equals(statement.contentDigest())) {
            throw new RefusedException("the statement's content is not what its contentSha256 says");
        }
        return statement;
    }

    private void checkSignatures(Statement statement) throws RefusedException, UncheckableException {
        Envelope signed;
        if (receipt.signed() instanceof Receipt.InBatch inBatch) {
            checkBatch(inBatch, statement);
            signed = inBatch.batch();
        } else {
            signed = ((Receipt.Own) receipt.signed()).envelope();
        }
        for (DsseSignature signature : signed.signatures()) {
            requireSigned(KeyUse.ATTEST, signature, signed.signedBytes(), statement.sequence());
        }
    }

    private void requireSigned(KeyUse use, DsseSignature signature, Bytes signed, SequenceNumber index)
            throws RefusedException, UncheckableException {
        KeyId id = signature.keyid();
        Optional<DeclaredKey> key = keys.inForce(use, id, index);
        if (key.isEmpty()) {
            throw new RefusedException(
                    "it is signed by " + id + ", which is no " + use.text() + " key in force at entry " + index);
        }
        if (!checker.verify(key.get(), signed, signature.sig())) {
            throw new RefusedException("the signature by " + use.text() + " key " + id + " does not hold");
        }
        if (keys.judge(use, id, index) == KeyRing.Judgement.SUSPECT) {
            throw new RefusedException("it is signed by " + id + ", which was compromised by then");
        }
    }

    private void checkBatch(Receipt.InBatch inBatch, Statement statement) throws RefusedException {
        try {
            Batch batch = Batch.parse(inBatch.batch().payload());
            if (!batch.log().equals(receipt.log().origin())
                    || !batch.genesis().equals(receipt.log().genesis())
                    || !batch.covers(statement.sequence())) {
                throw new RefusedException("the batch is not one of this log with this entry");
            }
            InclusionProof.verify(
                    statement.sequence().value() - batch.first().value(),
                    batch.count(),
                    Merkle.leafHash(statement.entryHash()),
                    inBatch.path(),
                    batch.root());
        } catch (ProofException | IllegalArgumentException notIn) {
            throw new RefusedException("the statement is not in the batch: " + notIn.getMessage());
        }
    }

    private void checkIdentity(Statement statement) throws RefusedException, UncheckableException {
        Json.Obj source = statement.source();
        if (source == null || !source.has("verified")) {
            return;
        }
        try {
            Bytes payload = Json.obj()
                    .put("contentSha256", statement.contentDigest())
                    .put("genesis", receipt.log().genesis())
                    .put("verified", source.object("verified"))
                    .build()
                    .bytes();
            requireSigned(
                    KeyUse.INGEST,
                    DsseSignature.fromJson(source.object("verifiedBy")),
                    Dsse.pae(Dsse.IDENTITY, payload),
                    statement.sequence());
        } catch (IllegalArgumentException unreadable) {
            throw new RefusedException("its verified identity cannot be read: " + unreadable.getMessage());
        }
    }

    private Checkpoint open(SignedNote note) throws RefusedException, NoteException, UncheckableException {
        Checkpoint stated = Checkpoint.parse(note.text());
        SequenceNumber newest = new SequenceNumber(Math.max(0, stated.size() - 1));
        List<DeclaredKey> inForce = keys.checkpointKeys(Algorithm.ED25519_SHA_512, newest);
        DeclaredKey declared = inForce.stream()
                .filter(key -> VerifierKey.ofLog(receipt.log().origin(), key)
                        .isNamedBy(note.lines().get(0)))
                .findFirst()
                .orElseThrow(() -> new NoteException("the first signature line is not by a log key of "
                        + receipt.log().origin()));
        VerifierKey key = VerifierKey.ofLog(receipt.log().origin(), declared);
        Checkpoint checkpoint = Checkpoint.open(note, key, checker);
        note.verifyKnown(VerifierKey.othersOfLog(receipt.log().origin(), inForce, declared), checker);
        List<VerifierKey> seconds =
                VerifierKey.secondsOfLog(receipt.log().origin(), keys.checkpointKeys(Algorithm.ML_DSA_44, newest));
        Checkpoint.secondLines(note, seconds, checker);
        if (keys.judge(KeyUse.LOG, declared.keyid(), newest) == KeyRing.Judgement.SUSPECT) {
            throw new RefusedException(
                    "its checkpoint is signed by log key " + key.text() + ", which was compromised by then");
        }
        return checkpoint;
    }

    /** Ends a check; never leaves this class. */
    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String reason) {
            super(reason);
        }
    }
}
