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
import java.util.List;
import java.util.Optional;

/**
 * Signatures in the archive over entries that it does not hold: their envelopes are kept before the entries are written. A
 * log that goes on with other entries in those places has signed two histories, and its signer will not.
 */
final class BatchesAbove {
    private static final int PAGE = 1_000;

    private final ArchiveReader store;
    private final ArchivedEnd end;
    private final SignatureChecker checker;

    BatchesAbove(ArchiveReader store, ArchivedEnd end, SignatureChecker checker) {
        this.store = store;
        this.end = end;
        this.checker = checker;
    }

    /** Looks at every batch that could reach over the end: the archive may end within one. */
    void requireNone() throws StoreException, ResumeRefusedException {
        long from = Math.max(0, end.size() - Batch.COUNT_MAX);
        String after = from == 0 ? ArchiveNames.BATCHES : ArchiveNames.batch(new SequenceNumber(from - 1));
        for (List<String> page = page(after); !page.isEmpty(); page = page(page.get(page.size() - 1))) {
            for (String name : page) {
                Optional<SequenceNumber> first = ArchiveNames.batchFirst(name);
                if (first.isPresent()) {
                    requireHeld(first.get());
                }
            }
        }
    }

    private List<String> page(String after) throws StoreException {
        return store.names(ArchiveNames.BATCHES, after, PAGE);
    }

    private void requireHeld(SequenceNumber first) throws StoreException, ResumeRefusedException {
        Optional<Batch> signed = signed(first);
        long last = signed.isEmpty() ? -1 : first.value() + signed.get().count() - 1;
        if (last < end.size()) {
            return;
        }
        long lost = Math.max(first.value(), end.size());
        throw new ResumeRefusedException("the archive holds " + ArchiveNames.batch(first)
                + ", the log's signature over the entries " + first + " to " + last + ", and those from " + lost
                + " on are not in it: they were signed, and others in their places would be a second history. Bring"
                + " the topics back from any copy; or have their senders' receipts, and those of the log's own entries"
                + " among them, brought together in a directory and give it: --receipts DIR (every one from " + lost
                + " to " + last + "). If neither can be had this log ends here: terraseal verify and export go on"
                + " reading its archive, and a new log (terraseal log init, another origin) begins");
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
