package dev.terraseal.signer;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.LeafPaths;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.schemas.BatchPath;
import dev.terraseal.signer.check.RolledBack;
import dev.terraseal.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One signature over many statements: root, signature, envelope into the archive, and only then entries that name it. If the
 * process dies
 *
 * <ul>
 *   <li>before the envelope is kept: nothing is left, and the next signer makes its own batch;
 *   <li>after it, before the entries are written: the envelope lies there and no entry names it. The next signer comes to the
 *       same first entry, finds that {@link BatchShelf#keep} answers with the older envelope, and makes that batch, with the
 *       code below: one root is signed for a place, as long as batches are made. Entries that were signed by themselves
 *       meanwhile leave it there, true and unused.
 * </ul>
 */
final class SignBatch implements SigningWork {
    private final LogDeclaration log;
    private final BatchShelf shelf;
    private final List<Admitted> statements;
    /** Kept before by another life; its signature is not made again. */
    private final boolean adopted;

    private @Nullable LeafPaths paths;
    private @Nullable Signatures signatures;
    private @Nullable Envelope made;

    /** @param kept the envelope that is there already and has to fit; null to make one */
    SignBatch(LogDeclaration log, BatchShelf shelf, List<Admitted> statements, @Nullable Envelope kept) {
        this.log = log;
        this.shelf = shelf;
        this.statements = List.copyOf(statements);
        this.adopted = kept != null;
        this.made = kept;
    }

    @Override
    public List<Admitted> statements() {
        return statements;
    }

    @Override
    public boolean exclusive() {
        return true;
    }

    @Override
    public Outcome attempt() throws SigningException, StoreException {
        LeafPaths tree = tree();
        Batch batch = new Batch(log.origin(), log.genesis(), first(), statements.size(), tree.root());
        Envelope envelope = made;
        if (envelope == null) {
            envelope = sign(batch);
            made = envelope;
        }
        if (adopted) {
            requireSame(batch, Batch.parse(envelope.payload()));
            return finished(tree);
        }
        Envelope kept = shelf.keep(first(), envelope, statements.get(0).keys());
        // Another signature over the same batch is as good: the keys of this log made both.
        return Batch.parse(kept.payload()).equals(batch) ? finished(tree) : new KeptBefore(kept);
    }

    private SequenceNumber first() {
        return statements.get(0).statement().sequence();
    }

    private LeafPaths tree() {
        LeafPaths known = paths;
        if (known == null) {
            List<Digest> leaves = new ArrayList<>(statements.size());
            statements.forEach(
                    each -> leaves.add(Merkle.leafHash(each.statement().entryHash())));
            known = new LeafPaths(leaves);
            paths = known;
        }
        return known;
    }

    private Envelope sign(Batch batch) throws SigningException {
        Signatures begun = signatures;
        if (begun == null) {
            begun = new Signatures(statements.get(0).signers(), Dsse.BATCH, batch.payload());
            signatures = begun;
        }
        return new Envelope(Dsse.BATCH, batch.payload(), begun.make());
    }

    private void requireSame(Batch own, Batch kept) throws SigningException {
        if (!own.equals(kept)) {
            throw SigningException.lasting(
                    "entries " + own.first() + " to " + (own.first().value() + own.count() - 1)
                            + " on terraseal.sequenced are not those that were signed before as batch " + own.first()
                            + ": their root is " + own.root().base64() + ", and the envelope in the archive says "
                            + kept.root().base64() + RolledBack.MEND);
        }
    }

    private Finished finished(LeafPaths tree) {
        List<Signed> signed = new ArrayList<>(statements.size());
        for (int i = 0; i < statements.size(); i++) {
            Admitted each = statements.get(i);
            signed.add(new Signed(
                    each.source(), each.statement(), new Signed.InBatch(new BatchPath(first(), tree.of(i)))));
        }
        return new Finished(signed);
    }
}
