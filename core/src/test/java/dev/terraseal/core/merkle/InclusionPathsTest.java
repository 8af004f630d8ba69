package dev.terraseal.core.merkle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InclusionPathsTest {
    private static final long SEED = 11;

    @Test
    void itRefusesWhatClimbingEveryPathAloneRefusesAndNothingElse() throws ProofException {
        Random random = new Random(SEED);
        int refused = 0;
        for (int size = 1; size <= 70; size++) {
            NaiveTree tree = NaiveTree.random(random, size);
            Digest root = tree.root(0, size);
            Proofs proofs = new Proofs((level, at) -> tree.root((int) at << level, (int) (at + 1) << level), size);
            InclusionPaths paths = new InclusionPaths(size, root);
            for (int i = 0; i < 6 * size; i++) {
                // Neighbours mostly, as in a bundle, so that most paths meet the one before.
                int index = random.nextInt(4) == 0 ? random.nextInt(size) : i % size;
                List<Digest> path = new ArrayList<>(proofs.inclusion(index));
                Digest leaf = tree.leafHash(index);
                long claimed = index;
                switch (random.nextInt(8)) {
                    case 0 -> leaf = tree.leafHash(random.nextInt(size));
                    case 1 -> claimed = random.nextInt(size + 2) - 1;
                    case 2 -> path.add(root);
                    case 3 -> replaceOne(path, random, tree.leafHash(random.nextInt(size)));
                    case 4 -> replaceOne(path, random, root);
                    default -> {}
                }
                String alone = alone(claimed, size, leaf, path, root);
                assertThat(together(paths, claimed, leaf, path))
                        .as("seed %d, %d of %d", SEED, index, size)
                        .isEqualTo(alone);
                refused += alone.isEmpty() ? 0 : 1;
            }
        }
        assertThat(refused).isGreaterThan(3000);
    }

    private static void replaceOne(List<Digest> path, Random random, Digest with) {
        if (!path.isEmpty()) {
            path.set(random.nextInt(path.size()), with);
        }
    }

    private static String alone(long index, long size, Digest leaf, List<Digest> path, Digest root) {
        try {
            InclusionProof.verify(index, size, leaf, path, root);
            return "";
        } catch (ProofException refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    private static String together(InclusionPaths paths, long index, Digest leaf, List<Digest> path) {
        try {
            paths.verify(index, leaf, path);
            return "";
        } catch (ProofException refused) {
            return String.valueOf(refused.getMessage());
        }
    }
}
