package dev.terraseal.testkit.log;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.NodeReader;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.merkle.Proofs;
import java.util.ArrayList;
import java.util.List;

/** Every complete subtree of a tree, level by level. */
final class NaiveTree implements NodeReader {
    private final List<List<Digest>> levels = new ArrayList<>();

    NaiveTree(List<Digest> leaves) {
        levels.add(List.copyOf(leaves));
        for (List<Digest> below = levels.get(0); below.size() > 1; below = levels.get(levels.size() - 1)) {
            List<Digest> above = new ArrayList<>();
            for (int i = 0; i + 1 < below.size(); i += 2) {
                above.add(Merkle.nodeHash(below.get(i), below.get(i + 1)));
            }
            levels.add(above);
        }
    }

    @Override
    public Digest node(int level, long index) {
        return levels.get(level).get((int) index);
    }

    static List<Digest> path(Proofs proofs, long index) {
        try {
            return proofs.inclusion(index);
        } catch (ProofException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
