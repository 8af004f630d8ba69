package dev.terraseal.core.merkle;

import dev.terraseal.core.bytes.Digest;
import java.util.List;

/** Checks that an older tree is a prefix of a newer one (RFC 9162 section 2.1.4.2). */
public final class ConsistencyProof {
    private ConsistencyProof() {}

    /**
     * Whether {@code proof} shows that the first {@code oldSize} leaves of the tree of {@code newSize} under
     * {@code newRoot} are the tree under {@code oldRoot}. Equal sizes need equal roots and an empty proof. An old size of
     * 0 is refused: every tree continues the empty one, so such a proof would say nothing while looking like one.
     */
    public static void verify(long oldSize, long newSize, Digest oldRoot, Digest newRoot, List<Digest> proof)
            throws ProofException {
        if (oldSize <= 0) {
            throw new ProofException("consistency with a tree of " + oldSize + " leaves proves nothing and is refused");
        }
        if (oldSize > newSize) {
            throw new ProofException(
                    "the old tree has " + oldSize + " leaves, more than the " + newSize + " of the new one");
        }
        if (oldSize == newSize) {
            if (!proof.isEmpty()) {
                throw new ProofException("between trees of one size, " + oldSize + ", the proof is empty, not "
                        + proof.size() + " hashes long");
            }
            require("two trees of " + oldSize + " leaves have different roots", newRoot, oldRoot);
            return;
        }
        int wanted = length(oldSize, newSize);
        if (proof.size() != wanted) {
            throw new ProofException("the proof from " + oldSize + " to " + newSize + " leaves has " + wanted
                    + " hashes, not " + proof.size());
        }
        climb(oldSize, newSize, oldRoot, newRoot, proof);
    }

    /** The one number of hashes of a proof; {@code 0 < oldSize < newSize}. */
    static int length(long oldSize, long newSize) {
        int level = Long.numberOfTrailingZeros(oldSize);
        int above = InclusionProof.pathLength((oldSize - 1) >>> level, ((newSize - 1) >>> level) + 1);
        return (Long.bitCount(oldSize) == 1 ? 0 : 1) + above;
    }

    private static void climb(long oldSize, long newSize, Digest oldRoot, Digest newRoot, List<Digest> proof)
            throws ProofException {
        int level = Long.numberOfTrailingZeros(oldSize);
        long node = (oldSize - 1) >>> level;
        long last = (newSize - 1) >>> level;
        // A power of two is one complete subtree: its root is known and left out of the proof.
        int at = Long.bitCount(oldSize) == 1 ? 0 : 1;
        Digest seed = at == 0 ? oldRoot : proof.get(0);
        Digest oldComputed = seed;
        Digest newComputed = seed;
        for (; at < proof.size(); at++) {
            while (node == last && (node & 1) == 0) {
                node >>>= 1;
                last >>>= 1;
            }
            Digest sibling = proof.get(at);
            if ((node & 1) == 1) {
                oldComputed = Merkle.nodeHash(sibling, oldComputed);
                newComputed = Merkle.nodeHash(sibling, newComputed);
            } else {
                newComputed = Merkle.nodeHash(newComputed, sibling);
            }
            node >>>= 1;
            last >>>= 1;
        }
        require("the proof does not lead to the old tree of " + oldSize, oldRoot, oldComputed);
        require("the proof does not lead to the new tree of " + newSize, newRoot, newComputed);
    }

    private static void require(String what, Digest expected, Digest computed) throws ProofException {
        if (!expected.equals(computed)) {
            throw ProofException.mismatch(what, expected, computed);
        }
    }
}
