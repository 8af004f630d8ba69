package dev.terraseal.core.merkle;

import dev.terraseal.core.bytes.Digest;
import java.util.ArrayList;
import java.util.List;

/** A whole tree in memory: its root, and the path of every leaf. For trees as large as a batch. */
public final class LeafPaths {
    private final List<List<Digest>> levels = new ArrayList<>();

    /** @throws IllegalArgumentException if there is no leaf */
    public LeafPaths(List<Digest> leafHashes) {
        if (leafHashes.isEmpty()) {
            throw new IllegalArgumentException("a tree without leaves has no paths");
        }
        levels.add(List.copyOf(leafHashes));
        for (List<Digest> below = leafHashes; below.size() > 1; below = levels.get(levels.size() - 1)) {
            levels.add(above(below));
        }
    }

    /** A node without a sibling goes up as it is: what RFC 6962 splits from above meets in the same nodes from below. */
    private static List<Digest> above(List<Digest> below) {
        List<Digest> above = new ArrayList<>(below.size() / 2 + 1);
        for (int i = 0; i + 1 < below.size(); i += 2) {
            above.add(Merkle.nodeHash(below.get(i), below.get(i + 1)));
        }
        if (below.size() % 2 == 1) {
            above.add(below.get(below.size() - 1));
        }
        return above;
    }

    public Digest root() {
        return levels.get(levels.size() - 1).get(0);
    }

    /** From the leaf upwards, as {@link InclusionProof} reads it. */
    public List<Digest> of(int index) {
        List<Digest> path = new ArrayList<>(levels.size());
        int at = index;
        for (List<Digest> level : levels) {
            int sibling = at ^ 1;
            if (sibling < level.size()) {
                path.add(level.get(sibling));
            }
            at >>>= 1;
        }
        return path;
    }
}
