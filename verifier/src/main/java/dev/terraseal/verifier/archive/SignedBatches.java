package dev.terraseal.verifier.archive;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.CompactRange;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.verifier.entries.BatchSignatures;
import dev.terraseal.verifier.entries.Batches;
import dev.terraseal.verifier.files.MalformedException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The envelopes of batches as an archive keeps them. */
final class SignedBatches implements Batches {
    private static final int BATCH_MAX = 1 << 17;

    private final ArchiveFiles archive;
    private final BatchSignatures signatures;
    private final Set<Long> used = new HashSet<>();

    SignedBatches(ArchiveFiles archive, LogDeclaration log, KeyRing keys, SignatureChecker checker) {
        this.archive = archive;
        this.signatures = new BatchSignatures(log, keys, checker);
    }

    @Override
    public @Nullable Envelope envelope(SequenceNumber first, SequenceNumber entry) throws IOException {
        return envelope(first);
    }

    private @Nullable Envelope envelope(SequenceNumber first) throws IOException {
        String name = ArchiveFiles.numbered(ArchiveFiles.BATCHES, first.value(), ".json");
        if (!archive.files().has(name)) {
            return null;
        }
        used.add(first.value());
        try {
            return Envelope.parse(archive.read(name, BATCH_MAX, content -> signatures.hold(first, content)));
        } catch (IllegalArgumentException wrong) {
            throw new MalformedException(name, "is not the envelope of a batch: " + wrong.getMessage());
        }
    }

    /** First sequences of the batches that were asked for. */
    Set<Long> used() {
        return used;
    }

    /**
     * Whether the batch at {@code first}, which no entry names, is a signature over the very entries it covers: then a signer
     * died before its entries were written, and they were signed again. Where the archive does not reach so far yet, that is
     * not known, and no finding if it is signed.
     */
    boolean isTrue(long first, long size, TileCheck tiles) throws IOException {
        if (first >= size && !archive.isShared()) {
            return true;
        }
        Envelope envelope;
        try {
            envelope = envelope(new SequenceNumber(first));
        } catch (MalformedException notOne) {
            return false;
        }
        if (envelope == null || !signatures.hold(new SequenceNumber(first), envelope.bytes())) {
            return false;
        }
        Batch batch = Batch.parse(envelope.payload());
        CompactRange tree = new CompactRange();
        for (long i = first; i < Math.min(size, first + batch.count()); i++) {
            Optional<Digest> hash = tiles.entryHash(i);
            if (hash.isEmpty()) {
                return true;
            }
            tree.append(Merkle.leafHash(hash.get()));
        }
        return tree.size() < batch.count() || tree.root().equals(batch.root());
    }
}
