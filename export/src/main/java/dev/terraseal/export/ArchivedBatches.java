package dev.terraseal.export;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.InclusionProof;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import dev.terraseal.verifier.entries.EntrySignatures;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The envelopes of batches: of each the oldest version that is signed by keys in force and has the entry in it. */
final class ArchivedBatches {
    private final ArchiveReader archive;
    private final LogDeclaration log;
    private final KeysInForce keys;
    private @Nullable Envelope newest;
    private @Nullable Batch batch;

    ArchivedBatches(ArchiveReader archive, LogDeclaration log, KeysInForce keys) {
        this.archive = archive;
        this.log = log;
        this.keys = keys;
    }

    /** The envelope of the batch that an entry names; empty if the archive has none that the entry is in. */
    Optional<Envelope> covering(ArchivedEntry entry) throws StoreException {
        Envelope known = newest;
        if (known == null || batch == null || !isIn(entry, batch)) {
            known = read(entry);
            newest = known;
            batch = known == null ? null : Batch.parse(known.payload());
        }
        return Optional.ofNullable(known);
    }

    private @Nullable Envelope read(ArchivedEntry entry) throws StoreException {
        String name = ArchiveNames.batch(entry.batch());
        for (KeysInForce.Demand demand : KeysInForce.Demand.values()) {
            var stored = archive.read(name, content -> isBatch(content, entry, demand));
            if (stored.isPresent()) {
                return Envelope.parse(stored.get().content());
            }
        }
        return null;
    }

    private boolean isBatch(Bytes content, ArchivedEntry entry, KeysInForce.Demand demand) {
        try {
            Envelope envelope = Envelope.parse(content);
            return envelope.payloadType().equals(Dsse.BATCH)
                    && isIn(entry, Batch.parse(envelope.payload()))
                    && keys.signed(envelope.signedBytes(), envelope.signatures(), entry.batch(), demand);
        } catch (IllegalArgumentException | UncheckableException notOne) {
            return false;
        }
    }

    private boolean isIn(ArchivedEntry entry, Batch named) {
        if (!named.first().equals(entry.batch())
                || !named.log().equals(log.origin())
                || !named.genesis().equals(log.genesis())
                || !named.covers(entry.sequence())) {
            return false;
        }
        try {
            InclusionProof.verify(
                    entry.sequence().value() - named.first().value(),
                    named.count(),
                    Merkle.leafHash(entry.entryHash()),
                    EntrySignatures.path(entry.line(), EntrySignatures.PATH_MAX),
                    named.root());
            return true;
        } catch (ProofException notInIt) {
            return false;
        }
    }
}
