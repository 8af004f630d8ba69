package dev.terraseal.verifier.entries;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import java.util.Optional;

/** Tells the envelope of a log's batch from whatever else lies under its name, where others may put something there. */
public record BatchSignatures(LogDeclaration log, KeyRing keys, SignatureChecker checker) {
    /** Whether {@code content} is a batch of this log that begins at {@code first}, and all its signatures hold. */
    public boolean hold(SequenceNumber first, Bytes content) {
        try {
            Envelope envelope = Envelope.parse(content);
            Batch batch = Batch.parse(envelope.payload());
            boolean ours = batch.first().equals(first)
                    && batch.log().equals(log.origin())
                    && batch.genesis().equals(log.genesis());
            return ours && !envelope.signatures().isEmpty() && allHold(first, envelope);
        } catch (IllegalArgumentException | UncheckableException notOne) {
            return false;
        }
    }

    private boolean allHold(SequenceNumber first, Envelope envelope) throws UncheckableException {
        for (DsseSignature signature : envelope.signatures()) {
            Optional<DeclaredKey> key = keys.inForce(KeyUse.ATTEST, signature.keyid(), first);
            if (key.isEmpty() || !checker.verify(key.get(), envelope.signedBytes(), signature.sig())) {
                return false;
            }
        }
        return true;
    }
}
