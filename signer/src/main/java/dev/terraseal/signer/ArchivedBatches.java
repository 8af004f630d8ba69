package dev.terraseal.signer;

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
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** {@code batches/} of the archive, locked for as long as the entries are. */
final class ArchivedBatches implements BatchShelf {
    private final ArchiveStore store;
    private final LogDeclaration log;
    private final SignatureChecker checker;
    private final InstantSource clock;

    ArchivedBatches(ArchiveStore store, LogDeclaration log, SignatureChecker checker, InstantSource clock) {
        this.store = store;
        this.log = log;
        this.checker = checker;
        this.clock = clock;
    }

    @Override
    public Envelope keep(SequenceNumber first, Envelope made, KeyRing keys) throws StoreException {
        Bytes kept = store.keep(
                        ArchiveNames.batch(first),
                        made.bytes(),
                        clock.instant().plus(log.retention()),
                        content -> isBatch(first, content, keys))
                .content();
        return Envelope.parse(kept);
    }

    /** What a stranger puts there, without a key of this log, must neither block the name nor be taken for ours. */
    private boolean isBatch(SequenceNumber first, Bytes content, KeyRing keys) {
        try {
            Envelope envelope = Envelope.parse(content);
            Batch batch = Batch.parse(envelope.payload());
            boolean ours = envelope.payloadType().equals(Dsse.BATCH)
                    && batch.log().equals(log.origin())
                    && batch.genesis().equals(log.genesis())
                    && batch.first().equals(first);
            return ours && allHold(first, envelope, keys);
        } catch (IllegalArgumentException | UncheckableException notOne) {
            return false;
        }
    }

    /** Every signature that is there, and one of each kind in force: a copy without the second one is not ours. */
    private boolean allHold(SequenceNumber first, Envelope envelope, KeyRing keys) throws UncheckableException {
        Bytes message = envelope.signedBytes();
        for (List<DeclaredKey> kind : keys.signingTogether(KeyUse.ATTEST, first)) {
            if (envelope.signatures().stream()
                    .noneMatch(each -> kind.stream().anyMatch(key -> key.keyid().equals(each.keyid())))) {
                return false;
            }
        }
        for (DsseSignature signature : envelope.signatures()) {
            Optional<DeclaredKey> key = keys.inForce(KeyUse.ATTEST, signature.keyid(), first);
            if (key.isEmpty() || !checker.verify(key.get(), message, signature.sig())) {
                return false;
            }
        }
        return true;
    }
}
