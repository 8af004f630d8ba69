package dev.terraseal.core.merkle;

import dev.terraseal.core.bytes.Digest;
import java.util.ArrayList;
import java.util.List;

/**
 * The roots of the maximal complete subtrees of a tree, largest first: all that is needed to go on appending, at most
 * {@value Merkle#MAX_LEVELS} hashes for a tree of any size. Mutable; not safe for concurrent use.
 *
 * <p>Invariant: there are as many hashes as {@code size} has one bits, and the bits from high to low are their levels.
 */
public final class CompactRange {
    private final List<Digest> hashes = new ArrayList<>();
    private long size;

    /** The empty tree. */
    public CompactRange() {}

    /**
     * Takes up a tree where it was left.
     *
     * @throws IllegalArgumentException if a tree of {@code size} has another number of complete subtrees
     */
    public static CompactRange of(long size, List<Digest> hashes) {
        if (size < 0 || Long.bitCount(size) != hashes.size()) {
            throw new IllegalArgumentException("a tree of " + size + " leaves has "
                    + (size < 0 ? "no meaning" : Long.bitCount(size) + " complete subtrees, not " + hashes.size()));
        }
        CompactRange range = new CompactRange();
        range.hashes.addAll(hashes);
        range.size = size;
        return range;
    }

    public CompactRange copy() {
        return of(size, hashes);
    }

    public void append(Digest leafHash) {
        appendSubtree(0, leafHash);
    }

    /**
     * Appends a complete subtree of {@code 2^level} leaves by its root.
     *
     * @throws IllegalArgumentException if a subtree of that level cannot begin here: the size must be a multiple of 2^level
     */
    public void appendSubtree(int level, Digest root) {
        if (level < 0 || level >= Merkle.MAX_LEVELS || (size != 0 && Long.numberOfTrailingZeros(size) < level)) {
            throw new IllegalArgumentException(
                    "no complete subtree of level " + level + " begins at leaf " + size + " of a tree");
        }
        Math.addExact(size, 1L << level);
        Digest merged = root;
        for (long carry = size >>> level; (carry & 1) == 1; carry >>>= 1) {
            merged = Merkle.nodeHash(hashes.remove(hashes.size() - 1), merged);
        }
        hashes.add(merged);
        size += 1L << level;
    }

    /** The root of the tree as it stands. */
    public Digest root() {
        if (size == 0) {
            return Merkle.EMPTY_ROOT;
        }
        Digest root = hashes.get(hashes.size() - 1);
        return foldOver(hashes.size() - 1, root);
    }

    /** The root of the tree that has {@code last}, an incomplete subtree, to the right of everything here. */
    Digest rootWith(Digest last) {
        return foldOver(hashes.size(), last);
    }

    private Digest foldOver(int count, Digest last) {
        Digest root = last;
        for (int i = count - 1; i >= 0; i--) {
            root = Merkle.nodeHash(hashes.get(i), root);
        }
        return root;
    }

    public long size() {
        return size;
    }

    /** From the largest subtree to the smallest, left to right. */
    public List<Digest> hashes() {
        return List.copyOf(hashes);
    }
}
