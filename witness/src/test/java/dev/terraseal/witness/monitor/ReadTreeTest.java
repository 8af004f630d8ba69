package dev.terraseal.witness.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.merkle.CompactRange;
import dev.terraseal.core.merkle.ConsistencyProof;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.merkle.Proofs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadTreeTest {
    private static final int SIZE = 2_100;

    private final List<Digest> leaves = new ArrayList<>();
    private final List<Digest> roots = new ArrayList<>();
    private final ReadTree tree = new ReadTree();
    private long leavesRead;

    private final ReadTree.Leaves reading = (first, count, to) -> {
        leavesRead += count;
        leaves.subList((int) first, (int) (first + count)).forEach(to);
    };

    private void grow() {
        CompactRange naive = new CompactRange();
        roots.add(naive.root());
        for (int i = 0; i < SIZE; i++) {
            Digest leaf = Merkle.leafHash(Digest.of(Bytes.utf8("entry " + i)));
            leaves.add(leaf);
            naive.append(leaf);
            roots.add(naive.root());
            tree.append(leaf);
            assertThat(tree.size()).isEqualTo(i + 1L);
            assertThat(tree.range().root()).isEqualTo(naive.root());
        }
    }

    @Test
    void rootsAndProofsAtAnySizeCostLessThanABlockEach() throws Exception {
        grow();
        for (int size = 1; size <= SIZE; size += size < 600 ? 1 : 37) {
            leavesRead = 0;
            assertThat(new Proofs(tree.nodes(reading), size).root()).isEqualTo(roots.get(size));
            assertThat(leavesRead).as("leaves read for the root at %d", size).isLessThan(256);
        }
        for (int old = 1; old < SIZE; old += 61) {
            leavesRead = 0;
            List<Digest> proof = new Proofs(tree.nodes(reading), SIZE).consistency(old);
            ConsistencyProof.verify(old, SIZE, roots.get(old), roots.get(SIZE), proof);
            assertThat(leavesRead).as("leaves read for the proof from %d", old).isLessThan(2 * 256);
        }
    }

    @Test
    void whatWasNotReadIsNoPartOfIt() {
        grow();
        assertThatThrownBy(() -> new Proofs(tree.nodes(reading), SIZE + 1).root())
                .isInstanceOf(ProofException.class)
                .hasMessageContaining("were not all read");
    }
}
