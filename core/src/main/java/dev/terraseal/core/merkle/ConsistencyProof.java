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
        // A power of two is one complete subtree: its root is known and left out of the proof.
        boolean whole = Long.bitCount(oldSize) == 1;
        Roots roots = whole
                ? climb(oldSize, newSize, oldRoot, proof)
                : climb(oldSize, newSize, proof.get(0), proof.subList(1, proof.size()));
        require("the proof does not lead to the old tree of " + oldSize, oldRoot, roots.old());
        require("the proof does not lead to the new tree of " + newSize, newRoot, roots.now());
    }

    /** The roots of both trees, as hashes lead to them. */
    public record Roots(Digest old, Digest now) {}

    /**
     * The roots that {@code hashes} lead to, where the first names the last complete subtree of the old tree also if that
     * is the whole of it. If the new root is one that the log signed, then the old one is, by the strength of the hash, the
     * root of the first {@code oldSize} leaves under it: no other hashes lead there.
     */
    public static Roots rootsOf(long oldSize, long newSize, List<Digest> hashes) throws ProofException {
        if (oldSize <= 0 || oldSize >= newSize) {
            throw new ProofException("a tree of " + oldSize + " leaves is no smaller part of one of " + newSize);
        }
        int wanted = length(oldSize, newSize) + (Long.bitCount(oldSize) == 1 ? 1 : 0);
        if (hashes.size() != wanted) {
            throw new ProofException("from " + oldSize + " to " + newSize + " leaves there are " + wanted
                    + " hashes, not " + hashes.size());
        }
        return climb(oldSize, newSize, hashes.get(0), hashes.subList(1, hashes.size()));
    }

    private static Roots climb(long oldSize, long newSize, Digest seed, List<Digest> siblings) {
        int level = Long.numberOfTrailingZeros(oldSize);
        long node = (oldSize - 1) >>> level;
        long last = (newSize - 1) >>> level;
        Digest old = seed;
        Digest now = seed;
        for (Digest sibling : siblings) {
            while (node == last && (node & 1) == 0) {
                node >>>= 1;
                last >>>= 1;
            }
            if ((node & 1) == 1) {
                old = Merkle.nodeHash(sibling, old);
                now = Merkle.nodeHash(sibling, now);
            } else {
                now = Merkle.nodeHash(now, sibling);
            }
            node >>>= 1;
            last >>>= 1;
        }
        return new Roots(old, now);
    }

    private static void require(String what, Digest expected, Digest computed) throws ProofException {
        if (!expected.equals(computed)) {
            throw ProofException.mismatch(what, expected, computed);
        }
    }
}
