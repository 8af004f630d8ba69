package dev.terraseal.core.receipt;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.merkle.InclusionProof;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.proof.TlogProof;
import dev.terraseal.core.receipt.ReceiptCheck.Part;
import dev.terraseal.core.statement.Statement;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks one receipt by itself: the keys are those of its log.json and of the key events it shows. */
public final class ReceiptVerification {
    private final KeyRing keys;
    private final SignatureChecker checker;

    private ReceiptVerification(KeyRing keys, SignatureChecker checker) {
        this.keys = keys;
        this.checker = checker;
    }

    /**
     * Judges {@code receipt} by the keys its log.json declares and the key events it shows. Those it does not show cannot be
     * known of.
     *
     * @param genesis what log.json has to hash to; null asks only whether the receipt fits together
     */
    public static ReceiptCheck check(Receipt receipt, @Nullable Digest genesis, SignatureChecker checker) {
        if (genesis != null && !receipt.log().genesis().equals(genesis)) {
            return new ReceiptCheck.Refused(
                    Part.LOG,
                    false,
                    "the receipt is of another log: its genesis is "
                            + receipt.log().genesis() + ", not " + genesis);
        }
        try {
            return new ReceiptVerification(ReceiptKeys.ring(receipt, checker), checker).check(receipt);
        } catch (RefusedException refused) {
            return new ReceiptCheck.Refused(refused.part, refused.suspect, String.valueOf(refused.getMessage()));
        } catch (KeyRing.UnauthorisedException unauthorised) {
            return new ReceiptCheck.Refused(Part.KEY_EVENTS, false, String.valueOf(unauthorised.getMessage()));
        } catch (UncheckableException unknown) {
            return new ReceiptCheck.Unknown(String.valueOf(unknown.getMessage()));
        }
    }

    private ReceiptCheck check(Receipt receipt) throws RefusedException, UncheckableException {
        TlogProof proof = receipt.proof();
        ReceiptHead head = proof == null ? null : new ReceiptHead(receipt, proof, keys, checker);
        if (head != null) {
            head.start();
        }
        Statement statement;
        try {
            statement = receipt.statement();
        } catch (IllegalArgumentException notOne) {
            throw new RefusedException(Part.STATEMENT, "it is not a statement: " + notOne.getMessage());
        }
        if (!statement.link().log().equals(receipt.log().origin())) {
            throw new RefusedException(
                    Part.STATEMENT,
                    "the statement is of log " + statement.link().log() + ", not of "
                            + receipt.log().origin());
        }
        if (!statement.event().contentDigest().equals(statement.contentDigest())) {
            throw new RefusedException(Part.STATEMENT, "the statement's content is not what its contentSha256 says");
        }
        DeclaredKey signer = checkSignatures(receipt, statement);
        checkIdentity(receipt, statement);
        if (proof == null || head == null) {
            return new ReceiptCheck.Promised(statement, signer);
        }
        if (proof.index() != statement.sequence().value()) {
            throw new RefusedException(
                    Part.INCLUSION,
                    "the proof is of entry " + proof.index() + ", the statement of entry " + statement.sequence());
        }
        return checkProof(receipt, head, proof, statement, signer);
    }

    private DeclaredKey checkSignatures(Receipt receipt, Statement statement)
            throws RefusedException, UncheckableException {
        Bytes signed;
        List<DsseSignature> signatures;
        if (receipt.signed() instanceof Receipt.InBatch inBatch) {
            checkBatch(receipt, inBatch, statement);
            signed = inBatch.batch().signedBytes();
            signatures = inBatch.batch().signatures();
        } else {
            Receipt.Own own = (Receipt.Own) receipt.signed();
            signed = own.envelope().signedBytes();
            signatures = own.envelope().signatures();
        }
        DeclaredKey first = null;
        for (DsseSignature signature : signatures) {
            DeclaredKey key = requireSigned(KeyUse.ATTEST, signature, signed, statement.sequence());
            first = first == null ? key : first;
        }
        if (first == null) {
            throw new RefusedException(Part.SIGNATURE, "nobody signed it");
        }
        return first;
    }

    private DeclaredKey requireSigned(KeyUse use, DsseSignature signature, Bytes signed, SequenceNumber index)
            throws RefusedException, UncheckableException {
        KeyId id = signature.keyid();
        Optional<DeclaredKey> key = keys.inForce(use, id, index);
        if (key.isEmpty()) {
            throw new RefusedException(
                    Part.SIGNATURE,
                    "it is signed by " + id + ", which is no " + use.text() + " key in force at entry " + index);
        }
        if (!checker.verify(key.get(), signed, signature.sig())) {
            throw new RefusedException(
                    Part.SIGNATURE, "the signature by " + use.text() + " key " + id + " does not hold");
        }
        if (keys.judge(use, id, index) == KeyRing.Judgement.SUSPECT) {
            throw new RefusedException(
                    Part.SIGNATURE, true, "it is signed by " + id + ", which was compromised by then");
        }
        return key.get();
    }

    private static void checkBatch(Receipt receipt, Receipt.InBatch inBatch, Statement statement)
            throws RefusedException {
        try {
            Batch batch = Batch.parse(inBatch.batch().payload());
            if (!batch.log().equals(receipt.log().origin())
                    || !batch.genesis().equals(receipt.log().genesis())
                    || !batch.covers(statement.sequence())) {
                throw new RefusedException(Part.SIGNATURE, "the batch is not one of this log with this entry");
            }
            InclusionProof.verify(
                    statement.sequence().value() - batch.first().value(),
                    batch.count(),
                    Merkle.leafHash(statement.entryHash()),
                    inBatch.path(),
                    batch.root());
        } catch (ProofException | IllegalArgumentException notIn) {
            throw new RefusedException(Part.SIGNATURE, "the statement is not in the batch: " + notIn.getMessage());
        }
    }

    private void checkIdentity(Receipt receipt, Statement statement) throws RefusedException, UncheckableException {
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
            throw new RefusedException(
                    Part.SIGNATURE, "its verified identity cannot be read: " + unreadable.getMessage());
        }
    }

    private static ReceiptCheck checkProof(
            Receipt receipt, ReceiptHead head, TlogProof proof, Statement statement, DeclaredKey signer)
            throws RefusedException, UncheckableException {
        try {
            ReceiptHead.Opened opened = head.opened();
            Checkpoint checkpoint = opened.checkpoint();
            if (opened.suspect()) {
                throw new RefusedException(
                        Part.CHECKPOINT,
                        true,
                        "its checkpoint is signed by log key " + opened.key().text()
                                + ", which was compromised by then");
            }
            InclusionProof.verify(
                    proof.index(),
                    checkpoint.size(),
                    Merkle.leafHash(statement.entryHash()),
                    proof.path(),
                    checkpoint.root());
            ReceiptKeys.requireIncluded(receipt, checkpoint);
            return new ReceiptCheck.Proven(statement, signer, checkpoint, opened.key(), opened.seconds());
        } catch (NoteException refused) {
            throw new RefusedException(Part.CHECKPOINT, String.valueOf(refused.getMessage()));
        } catch (ProofException notIn) {
            throw new RefusedException(Part.INCLUSION, String.valueOf(notIn.getMessage()));
        }
    }

    /** Ends a check; never leaves this class. */
    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final Part part;
        private final boolean suspect;

        RefusedException(Part part, String reason) {
            this(part, false, reason);
        }

        RefusedException(Part part, boolean suspect, String reason) {
            super(reason);
            this.part = part;
            this.suspect = suspect;
        }
    }
}
