package dev.terraseal.witness;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.merkle.CompactRange;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.NodeReader;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.merkle.Proofs;
import dev.terraseal.core.witness.AddCheckpoint;
import dev.terraseal.testkit.log.SeededSigner;
import java.util.List;

/** A log of hashes in memory that has another history from some entry on: two of these with one key are a fork. */
final class ForkedLog {
    static final LogOrigin ORIGIN = new LogOrigin("log.example/forked");

    private final SeededSigner signer = new SeededSigner(KeyUse.LOG, 7);
    private final long forkedFrom;
    private final String history;

    ForkedLog(long forkedFrom, String history) {
        this.forkedFrom = forkedFrom;
        this.history = history;
    }

    VerifierKey key() {
        return VerifierKey.ofLog(ORIGIN, signer.key());
    }

    private Digest leaf(long index) {
        String text = index < forkedFrom ? "entry " + index : "entry " + index + " of history " + history;
        return Merkle.leafHash(Digest.of(Bytes.utf8(text)));
    }

    private Proofs proofs(long size) {
        NodeReader nodes = (level, index) -> {
            CompactRange subtree = new CompactRange();
            for (long at = index << level; at < (index + 1) << level; at++) {
                subtree.append(leaf(at));
            }
            return subtree.root();
        };
        return new Proofs(nodes, size);
    }

    SignedNote note(long size) throws ProofException, SigningException {
        return NoteSigner.sign(new Checkpoint(ORIGIN, size, proofs(size).root()), signer);
    }

    List<Digest> consistency(long old, long size) throws ProofException {
        return old == 0 ? List.of() : proofs(size).consistency(old);
    }

    List<Digest> prefix(long old, long size) throws ProofException {
        return proofs(size).prefix(old);
    }

    /** As an honest client would ask, whatever history this is. */
    AddCheckpoint request(long old, long size) throws ProofException, SigningException {
        return new AddCheckpoint(old, consistency(old, size), note(size));
    }
}
