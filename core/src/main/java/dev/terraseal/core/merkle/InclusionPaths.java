package dev.terraseal.core.merkle;

import dev.terraseal.core.bytes.Digest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks that many leaves stand in one tree. It refuses exactly what {@link InclusionProof#verify} refuses; but where a
 * path meets the one that held before it, what is left of both must be the same hashes, and comparing them tells what
 * hashing them again would. Safe for concurrent use.
 */
public final class InclusionPaths {
    private final long size;
    private final Digest root;
    /** The path that held last; whichever thread wrote it, it is whole and leads to the root. */
    private volatile @Nullable Climbed newest;

    /** A path that led to the root: the nodes on it, each below the hash of the path with its number. */
    private static final class Climbed {
        final long index;
        final List<Digest> path;
        final Digest[] nodes;
        final int[] levels;

        Climbed(long index, List<Digest> path) {
            this.index = index;
            this.path = path;
            this.nodes = new Digest[path.size()];
            this.levels = new int[path.size()];
        }
    }

    public InclusionPaths(long size, Digest root) {
        this.size = size;
        this.root = root;
    }

    /**
     * {@code path} must not change afterwards.
     *
     * @throws ProofException if leaf, index and path do not lead to exactly the root
     */
    public void verify(long index, Digest leafHash, List<Digest> path) throws ProofException {
        Climbed before = newest;
        boolean fits = index >= 0 && index < size && path.size() == InclusionProof.pathLength(index, size);
        Climbed now = fits && before != null ? climb(before, index, leafHash, path) : null;
        if (now == null && fits) {
            now = climb(null, index, leafHash, path);
        }
        if (now == null) {
            InclusionProof.verify(index, size, leafHash, path, root);
            throw new IllegalStateException(
                    "two ways of climbing a path at index " + index + " of " + size + " differ");
        }
        newest = now;
    }

    /** Null if the path does not lead to the root. */
    private @Nullable Climbed climb(@Nullable Climbed before, long index, Digest leafHash, List<Digest> path) {
        int length = path.size();
        Climbed now = new Climbed(index, path);
        int level = 0;
        Digest node = leafHash;
        for (int i = 0; i < length; i++) {
            now.nodes[i] = node;
            now.levels[i] = level;
            if (before != null && meets(before, now, i)) {
                return goesOnAs(before, now, i) ? now : null;
            }
            // As in InclusionProof: on the right border a node without a sibling is its own parent.
            while (index >>> level == size - 1 >>> level && (index >>> level & 1) == 0) {
                level++;
            }
            Digest sibling = path.get(i);
            node = (index >>> level & 1) == 1 ? Merkle.nodeHash(sibling, node) : Merkle.nodeHash(node, sibling);
            level++;
        }
        return node.equals(root) ? now : null;
    }

    /** Whether both paths pass through the same node of the tree, with as much before them. */
    private static boolean meets(Climbed before, Climbed now, int i) {
        int there = before.path.size() - (now.path.size() - i);
        return there >= 0
                && before.levels[there] == now.levels[i]
                && before.index >>> now.levels[i] == now.index >>> now.levels[i]
                && before.nodes[there].equals(now.nodes[i]);
    }

    private static boolean goesOnAs(Climbed before, Climbed now, int i) {
        int shift = before.path.size() - now.path.size();
        for (int k = i; k < now.path.size(); k++) {
            if (!before.path.get(k + shift).equals(now.path.get(k))) {
                return false;
            }
            now.nodes[k] = before.nodes[k + shift];
            now.levels[k] = before.levels[k + shift];
        }
        return true;
    }
}
