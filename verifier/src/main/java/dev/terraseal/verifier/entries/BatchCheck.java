package dev.terraseal.verifier.entries;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.InclusionPaths;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.verifier.entries.SignatureQueue.Answer;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Layer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Whether an entry is a leaf of the batch it names. The newest is kept, for the next entry most likely names it too. */
final class BatchCheck {
    private final Layer layer;
    private final LogDeclaration log;
    private final Batches batches;
    private final SignatureQueue queue;
    private @Nullable Envelope envelope;
    private @Nullable Batch batch;
    private @Nullable InclusionPaths paths;

    /**
     * A batch that says it covers the entry; whether it does is being found out. {@code isNew} when its signatures were
     * not yet asked for.
     */
    record Signed(Envelope envelope, boolean isNew) {}

    BatchCheck(Layer layer, LogDeclaration log, Batches batches, SignatureQueue queue) {
        this.layer = layer;
        this.log = log;
        this.batches = batches;
        this.queue = queue;
    }

    @Nullable Signed covering(Entry entry, EntrySignatures.InBatch claim) throws IOException {
        Batch current = batch;
        boolean isNew = current == null || !current.first().equals(claim.first());
        if (isNew) {
            current = read(entry, claim);
        }
        Envelope signed = envelope;
        InclusionPaths within = paths;
        if (current == null || signed == null || within == null) {
            return null;
        }
        if (!current.covers(entry.index())) {
            fail(entry, "batch " + claim.first() + " covers " + current.count() + " entries, and not this one");
            return null;
        }
        // The check keeps the leaf and not the entry, whose statement is large.
        long index = entry.index().value() - current.first().value();
        Digest leaf = entry.leafHash();
        queue.add(layer, entry.file(), Digest.LENGTH, any -> isIn(within, index, leaf, claim));
        return new Signed(signed, isNew);
    }

    private static Answer isIn(InclusionPaths batch, long index, Digest leaf, EntrySignatures.InBatch claim) {
        try {
            batch.verify(index, leaf, claim.path());
            return Answer.HOLDS;
        } catch (ProofException notIn) {
            return new Answer(FindingName.BAD_BATCH, "is not in batch " + claim.first() + ": " + notIn.getMessage());
        }
    }

    private @Nullable Batch read(Entry entry, EntrySignatures.InBatch claim) throws IOException {
        batch = null;
        if (claim.first().compareTo(entry.index()) > 0) {
            fail(entry, "names batch " + claim.first() + ", which begins after it");
            return null;
        }
        envelope = batches.envelope(claim.first(), entry.index());
        Envelope read = envelope;
        if (read == null) {
            fail(entry, "names batch " + claim.first() + ", which is not here or does not reach so far");
            return null;
        }
        try {
            if (!read.payloadType().equals(Dsse.BATCH)) {
                fail(entry, "batch " + claim.first() + " has payload type " + read.payloadType());
                return null;
            }
            Batch parsed = Batch.parse(read.payload());
            if (!parsed.log().equals(log.origin())
                    || !parsed.genesis().equals(log.genesis())
                    || !parsed.first().equals(claim.first())) {
                fail(
                        entry,
                        "batch " + claim.first() + " is for log " + parsed.log() + " with genesis " + parsed.genesis()
                                + " from entry " + parsed.first());
                return null;
            }
            batch = parsed;
            paths = new InclusionPaths(parsed.count(), parsed.root());
            return parsed;
        } catch (IllegalArgumentException unreadable) {
            fail(entry, "batch " + claim.first() + " cannot be read: " + unreadable.getMessage());
            return null;
        }
    }

    void finish() throws IOException {
        batches.finish();
    }

    private void fail(Entry entry, String message) {
        queue.found(layer, FindingName.BAD_BATCH, entry.file(), message);
    }
}
