package dev.terraseal.core.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeafPathsTest {
    @Test
    void everyPathOfEveryTreeUpToThreeHundredLeavesLeadsToTheRootThatAppendingGives() throws Exception {
        List<Digest> leaves = new ArrayList<>();
        for (int size = 1; size <= 300; size++) {
            leaves.add(Merkle.leafHash(Digest.of(Bytes.utf8("entry " + size))));
            LeafPaths paths = new LeafPaths(leaves);
            assertThat(paths.root()).isEqualTo(Merkle.root(leaves));
            for (int i = 0; i < size; i += size < 40 ? 1 : 7) {
                InclusionProof.verify(i, size, leaves.get(i), paths.of(i), paths.root());
            }
        }
    }

    @Test
    void aTreeWithoutLeavesIsRefused() {
        assertThatThrownBy(() -> new LeafPaths(List.of())).hasMessageContaining("without leaves");
    }
}
