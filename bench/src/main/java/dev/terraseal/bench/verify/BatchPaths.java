package dev.terraseal.bench.verify;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.merkle.Proofs;
import java.util.ArrayList;
import java.util.List;

/** The paths of all leaves of one batch. */
final class BatchPaths {
    private final Proofs proofs;

    BatchPaths(List<Digest> leaves) {
        List<List<Digest>> levels = new ArrayList<>();
        levels.add(leaves);
        for (List<Digest> below = leaves; below.size() > 1; below = levels.get(levels.size() - 1)) {
            List<Digest> above = new ArrayList<>();
            for (int i = 0; i + 1 < below.size(); i += 2) {
                above.add(Merkle.nodeHash(below.get(i), below.get(i + 1)));
            }
            levels.add(above);
        }
        this.proofs = new Proofs((level, index) -> levels.get(level).get((int) index), leaves.size());
    }

    List<Digest> of(int index) {
        try {
            return proofs.inclusion(index);
        } catch (ProofException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
