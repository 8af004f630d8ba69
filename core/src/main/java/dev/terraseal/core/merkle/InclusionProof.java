package dev.terraseal.core.merkle;

import dev.terraseal.core.bytes.Digest;
import java.util.List;

/** Checks that a leaf stands at an index of a tree (RFC 9162 section 2.1.3.2). The path runs from the leaf upwards. */
public final class InclusionProof {
    private InclusionProof() {}

    /** The one number of hashes a path has at {@code index} of {@code size}; {@code 0 ≤ index < size}. */
    public static int pathLength(long index, long size) {
        int inner = Long.SIZE - Long.numberOfLeadingZeros(index ^ (size - 1));
        return inner + Long.bitCount(index >>> inner);
    }

    /**
     * The root that leaf, index, size and path lead to. It proves nothing until it is compared with a signed one.
     *
     * @throws ProofException if no tree of {@code size} has such an index or a path of that length there
     */
    public static Digest rootOf(long index, long size, Digest leafHash, List<Digest> path) throws ProofException {
        if (size <= 0 || index < 0 || index >= size) {
            throw new ProofException("index " + index + " lies outside a tree of " + size + " leaves");
        }
        int wanted = pathLength(index, size);
        if (path.size() != wanted) {
            throw new ProofException("the path at index " + index + " of " + size + " leaves has " + wanted
                    + " hashes, not " + path.size());
        }
        long node = index;
        long last = size - 1;
        Digest root = leafHash;
        for (Digest sibling : path) {
            // On the right border a node without a sibling is its own parent: climb until it has one, to its left.
            while (node == last && (node & 1) == 0) {
                node >>>= 1;
                last >>>= 1;
            }
            root = (node & 1) == 1 ? Merkle.nodeHash(sibling, root) : Merkle.nodeHash(root, sibling);
            node >>>= 1;
            last >>>= 1;
        }
        return root;
    }

    /** @throws ProofException if leaf, index, size and path do not lead to exactly {@code root} */
    public static void verify(long index, long size, Digest leafHash, List<Digest> path, Digest root)
            throws ProofException {
        Digest computed = rootOf(index, size, leafHash, path);
        if (!computed.equals(root)) {
            throw ProofException.mismatch(
                    "the leaf is not at index " + index + " of the tree of " + size, root, computed);
        }
    }
}
