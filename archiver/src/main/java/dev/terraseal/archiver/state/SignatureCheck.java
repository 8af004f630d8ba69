package dev.terraseal.archiver.state;

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
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.store.ArchivedEntry;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether an entry is signed by attest keys in force at its index, by itself or in a batch, with one of each kind that is in
 * force there. What is archived is what counts: an entry that came without the second signature, because somebody took it
 * away on the topic or put a segment without it in the next place, would lack it for good. Not what is in force now but at
 * the entry's index decides, so entries from before a second key are whole with one.
 */
public final class SignatureCheck {
    private final LogDeclaration log;
    private final SignatureChecker checker;
    private final BatchSource batches;
    private volatile @Nullable SignedBatch newest;

    public SignatureCheck(LogDeclaration log, SignatureChecker checker, BatchSource batches) {
        this.log = log;
        this.checker = checker;
        this.batches = batches;
    }

    /** Every signature must hold: one that does not was made by something else than our signer. */
    public void require(LoneCheck checked, Statement statement, KeyRing keys) throws BrokenEntryException {
        ArchivedEntry entry = checked.entry();
        ArchivedEntry.InBatch batch = entry.batch();
        if (batch == null) {
            verifyAll(
                    (key, signature) -> {
                        Optional<Boolean> known = checked.holds(key, signature);
                        return known.isPresent()
                                ? known.get()
                                : checker.verify(key, Dsse.pae(Dsse.STATEMENT, statement.bytes()), signature.sig());
                    },
                    entry.signatures(),
                    statement.sequence(),
                    keys);
        } else {
            requireInBatch(batch, statement, keys);
        }
    }

    private interface Verification {
        boolean holds(DeclaredKey key, DsseSignature signature) throws UncheckableException;
    }

    private static void verifyAll(
            Verification verification, List<DsseSignature> signatures, SequenceNumber index, KeyRing keys)
            throws BrokenEntryException {
        for (DsseSignature signature : signatures) {
            Optional<DeclaredKey> key = keys.inForce(KeyUse.ATTEST, signature.keyid(), index);
            if (key.isEmpty()) {
                throw new BrokenEntryException(
                        index.value(),
                        "is signed by key " + signature.keyid() + ", which is no attest key in force there");
            }
            try {
                if (!verification.holds(key.get(), signature)) {
                    throw new BrokenEntryException(
                            index.value(), "carries a signature of key " + signature.keyid() + " that does not verify");
                }
            } catch (UncheckableException missing) {
                throw new BrokenEntryException(index.value(), "cannot be checked: " + missing.getMessage());
            }
        }
        requireEachKind(signatures, index, keys);
    }

    /** As the signer signs: by a key of each kind that is in force, or not at all. */
    private static void requireEachKind(List<DsseSignature> signatures, SequenceNumber index, KeyRing keys)
            throws BrokenEntryException {
        for (List<DeclaredKey> kind : keys.signingTogether(KeyUse.ATTEST, index)) {
            boolean there = signatures.stream()
                    .anyMatch(each -> kind.stream().anyMatch(key -> key.keyid().equals(each.keyid())));
            if (!there) {
                DeclaredKey missing = kind.get(0);
                throw new BrokenEntryException(
                        index.value(),
                        "lacks the signature of attest key " + missing.keyid() + " (" + missing.algorithm()
                                + "), which is in force there, and has no other of its kind");
            }
        }
    }

    private void requireInBatch(ArchivedEntry.InBatch place, Statement statement, KeyRing keys)
            throws BrokenEntryException {
        long sequence = statement.sequence().value();
        SignedBatch batch = batch(place.first(), statement, keys);
        if (!batch.content().covers(statement.sequence())) {
            throw new BrokenEntryException(sequence, "is not covered by batch " + place.first());
        }
        try {
            batch.paths()
                    .verify(
                            sequence - batch.content().first().value(),
                            Merkle.leafHash(statement.entryHash()),
                            place.path());
        } catch (ProofException wrong) {
            throw new BrokenEntryException(sequence, "is not in batch " + place.first() + ": " + wrong.getMessage());
        }
        verifyAll(batch::verify, batch.envelope().signatures(), statement.sequence(), keys);
    }

    /** Entries of one batch follow each other: its envelope is fetched and its signatures are verified once for all of them. */
    private SignedBatch batch(SequenceNumber first, Statement statement, KeyRing keys) throws BrokenEntryException {
        SignedBatch known = newest;
        if (known != null && known.content().first().equals(first)) {
            return known;
        }
        SignedBatch found = batches.envelope(first, envelope -> signed(envelope, first, keys) != null)
                .map(envelope -> signed(envelope, first, keys))
                .orElseThrow(() -> new BrokenEntryException(
                        statement.sequence().value(),
                        "is signed in batch " + first + ", whose envelope is not in the archive: none under its name is"
                                + " signed by an attest key of this log in force there"));
        newest = found;
        return found;
    }

    /** Null for what a stranger put there: it must not take the place of ours. */
    private @Nullable SignedBatch signed(Envelope envelope, SequenceNumber first, KeyRing keys) {
        try {
            Batch batch = Batch.parse(envelope.payload());
            boolean ours = envelope.payloadType().equals(Dsse.BATCH)
                    && batch.log().equals(log.origin())
                    && batch.genesis().equals(log.genesis())
                    && batch.first().equals(first);
            if (!ours) {
                return null;
            }
            SignedBatch signed = new SignedBatch(envelope, batch, checker);
            verifyAll(signed::verify, envelope.signatures(), first, keys);
            return signed;
        } catch (IllegalArgumentException | BrokenEntryException notOurs) {
            return null;
        }
    }
}
