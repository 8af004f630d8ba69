package dev.terraseal.core.merkle;

import dev.terraseal.core.bytes.Digest;
import java.util.ArrayList;
import java.util.List;

/** Makes proofs about the tree of {@code size} leaves from the hashes of its complete subtrees. */
public final class Proofs {
    private final NodeReader nodes;
    private final long size;

    public Proofs(NodeReader nodes, long size) {
        if (size < 0) {
            throw new IllegalArgumentException("a tree has no " + size + " leaves");
        }
        this.nodes = nodes;
        this.size = size;
    }

    public long size() {
        return size;
    }

    public Digest root() throws ProofException {
        return size == 0 ? Merkle.EMPTY_ROOT : subtree(0, size);
    }

    /** The complete subtrees of the tree, to go on appending to it. */
    public CompactRange compactRange() throws ProofException {
        List<Digest> hashes = new ArrayList<>();
        complete(size, hashes);
        return CompactRange.of(size, hashes);
    }

    /** The path of the leaf at {@code index}, sibling of the leaf first. */
    public List<Digest> inclusion(long index) throws ProofException {
        requireWithin(index >= 0 && index < size, "index " + index);
        List<Digest> path = new ArrayList<>();
        long low = 0;
        long high = size;
        while (high - low > 1) {
            long middle = low + Merkle.split(high - low);
            if (index < middle) {
                path.add(0, subtree(middle, high));
                high = middle;
            } else {
                path.add(0, subtree(low, middle));
                low = middle;
            }
        }
        return List.copyOf(path);
    }

    /** The proof that the tree of the first {@code oldSize} leaves is a prefix; empty for the tree itself. */
    public List<Digest> consistency(long oldSize) throws ProofException {
        requireWithin(oldSize > 0 && oldSize <= size, "an old size of " + oldSize);
        List<Digest> proof = new ArrayList<>();
        long low = 0;
        long high = size;
        while (high > oldSize) {
            long middle = low + Merkle.split(high - low);
            if (oldSize <= middle) {
                proof.add(0, subtree(middle, high));
                high = middle;
            } else {
                proof.add(0, subtree(low, middle));
                low = middle;
            }
        }
        if (low != 0) {
            proof.add(0, subtree(low, high));
        }
        return List.copyOf(proof);
    }

    /** As {@link #consistency}, for {@link ConsistencyProof#rootsOf}: the first hash is there also for a power of two. */
    public List<Digest> prefix(long oldSize) throws ProofException {
        List<Digest> proof = new ArrayList<>(consistency(oldSize));
        if (Long.bitCount(oldSize) == 1) {
            proof.add(0, subtree(0, oldSize));
        }
        return List.copyOf(proof);
    }

    /** The proof that leaves {@code first} to {@code end - 1} are all there is between the two. */
    public RangeProof range(long first, long end) throws ProofException {
        requireWithin(first >= 0 && first < end && end <= size, "the range " + first + " to " + end);
        List<Digest> left = new ArrayList<>();
        complete(first, left);
        List<Digest> right = new ArrayList<>();
        long at = end;
        while (at < size) {
            long to = RangeProof.subtreeEnd(at, size);
            right.add(subtree(at, to));
            at = to;
        }
        return new RangeProof(first, end, left, right);
    }

    private void complete(long end, List<Digest> out) throws ProofException {
        long at = 0;
        while (at < end) {
            long width = Long.highestOneBit(end - at);
            out.add(subtree(at, at + width));
            at += width;
        }
    }

    /** The root of an RFC 6962 subtree of this tree: low is a multiple of the power of two that high - low needs. */
    private Digest subtree(long low, long high) throws ProofException {
        long width = high - low;
        if (Long.bitCount(width) == 1) {
            int level = Long.numberOfTrailingZeros(width);
            return nodes.node(level, low >>> level);
        }
        long middle = low + Merkle.split(width);
        return Merkle.nodeHash(subtree(low, middle), subtree(middle, high));
    }

    private void requireWithin(boolean within, String what) {
        if (!within) {
            throw new IllegalArgumentException(what + " lies outside a tree of " + size + " leaves");
        }
    }
}
