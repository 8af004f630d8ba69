package dev.terraseal.archiver.resume;

import dev.terraseal.archiver.ArchivedEnd;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import java.util.Optional;

/**
 * Signatures in the archive over entries that it does not hold: their envelopes are kept before the entries are written. A
 * log that goes on with other entries in those places has signed two histories, and its signer will not.
 */
final class BatchesAbove {
    private static final SequenceNumber ANY = new SequenceNumber((1L << 53) - 1);

    private final ArchiveReader store;
    private final ArchivedEnd end;
    private final SignatureChecker checker;

    BatchesAbove(ArchiveReader store, ArchivedEnd end, SignatureChecker checker) {
        this.store = store;
        this.end = end;
        this.checker = checker;
    }

    void requireNone() throws StoreException, ResumeRefusedException {
        Optional<SequenceNumber> first = newest(ANY);
        while (first.isPresent() && first.get().value() >= end.size()) {
            Optional<Batch> signed = signed(first.get());
            if (signed.isPresent()) {
                throw new ResumeRefusedException("the archive holds " + ArchiveNames.batch(first.get())
                        + ", the log's signature over " + signed.get().count() + " entries from " + first.get()
                        + " on, and ends before them: they were signed and are lost with the topics. Signing others in"
                        + " their places would fork the log. Bring the topics back from any copy; if there is none,"
                        + " begin a new log whose first entry names this one");
            }
            first = first.get().value() == 0
                    ? Optional.empty()
                    : newest(new SequenceNumber(first.get().value() - 1));
        }
    }

    private Optional<SequenceNumber> newest(SequenceNumber bound) throws StoreException {
        return store.newestNumbered(ArchiveNames.BATCHES, ArchiveNames.JSON_SUFFIX, bound)
                .flatMap(ArchiveNames::batchFirst);
    }

    /** Empty where strangers put something under the name. */
    private Optional<Batch> signed(SequenceNumber first) throws StoreException {
        return store.read(ArchiveNames.batch(first), content -> isSigned(first, content))
                .map(Stored::content)
                .map(content -> Batch.parse(Envelope.parse(content).payload()));
    }

    private boolean isSigned(SequenceNumber first, Bytes content) {
        try {
            Envelope envelope = Envelope.parse(content);
            Batch batch = Batch.parse(envelope.payload());
            return envelope.payloadType().equals(Dsse.BATCH)
                    && batch.first().equals(first)
                    && batch.genesis().equals(end.state().head().genesis())
                    && anyHolds(first, envelope);
        } catch (IllegalArgumentException | UncheckableException notOne) {
            return false;
        }
    }

    private boolean anyHolds(SequenceNumber first, Envelope envelope) throws UncheckableException {
        KeyRing keys = end.state().keys();
        for (DsseSignature signature : envelope.signatures()) {
            Optional<DeclaredKey> key = keys.inForce(KeyUse.ATTEST, signature.keyid(), first);
            if (key.isPresent() && checker.verify(key.get(), envelope.signedBytes(), signature.sig())) {
                return true;
            }
        }
        return false;
    }
}
