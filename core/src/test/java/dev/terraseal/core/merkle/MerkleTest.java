package dev.terraseal.core.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MerkleTest {
    private static final long SEED = 20261122;

    @Test
    void theKnownAnswersOfRfc6962Hold() {
        assertThat(Merkle.EMPTY_ROOT.hex())
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(Merkle.leafHash(Bytes.EMPTY).hex())
                .isEqualTo("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        assertThat(Merkle.leafHash(Bytes.utf8("L123456")).hex())
                .isEqualTo("395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
        // The known answer for a node takes two short texts for children: it says that the prefix is 0x01.
        assertThat(Digest.of(Bytes.fromHex("01"), Bytes.utf8("N123"), Bytes.utf8("N456"))
                        .hex())
                .isEqualTo("aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb");
    }

    @Test
    void theTreeOfEightHasTheRootEveryImplementationFinds() {
        List<Digest> leaves = List.of(
                        "",
                        "00",
                        "10",
                        "2021",
                        "3031",
                        "40414243",
                        "5051525354555657",
                        "606162636465666768696a6b6c6d6e6f")
                .stream()
                .map(hex -> Merkle.leafHash(Bytes.fromHex(hex)))
                .toList();
        assertThat(Merkle.root(leaves).hex())
                .isEqualTo("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
        assertThat(Merkle.root(leaves.subList(0, 7)).hex())
                .isEqualTo("ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c");
        assertThat(Merkle.root(leaves.subList(0, 3)).hex())
                .isEqualTo("aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77");
    }

    @Test
    void theLeafOfAnEntryHashIsTheLeafOfItsThirtyTwoBytes() {
        Digest entryHash = Digest.of(Bytes.utf8("statement"));
        assertThat(Merkle.leafHash(entryHash)).isEqualTo(Merkle.leafHash(entryHash.bytes()));
    }

    @Test
    void aNodeIsNoLeafOfTheSameBytes() {
        Digest left = Digest.of(Bytes.utf8("left"));
        Digest right = Digest.of(Bytes.utf8("right"));
        assertThat(Merkle.nodeHash(left, right)).isEqualTo(Digest.of(Bytes.fromHex("01"), left.bytes(), right.bytes()));
        assertThat(Merkle.nodeHash(left, right))
                .isNotEqualTo(Merkle.leafHash(Bytes.concat(left.bytes(), right.bytes())));
    }

    @Test
    void rootsOfAllSmallSizesAreThoseOfTheDefinition() {
        NaiveTree tree = NaiveTree.random(new Random(SEED), 300);
        CompactRange range = new CompactRange();
        for (int n = 0; n <= 300; n++) {
            assertThat(range.root()).as("seed %d size %d", SEED, n).isEqualTo(tree.root(0, n));
            assertThat(range.size()).isEqualTo(n);
            assertThat(CompactRange.of(n, range.hashes()).root()).isEqualTo(range.root());
            if (n < 300) {
                range.append(tree.leafHash(n));
            }
        }
    }

    @Test
    void aTreeTakenUpAnywhereGoesOnAsIfNothingHappened() {
        NaiveTree tree = NaiveTree.random(new Random(SEED), 70);
        for (int at = 0; at <= 70; at++) {
            CompactRange before = new CompactRange();
            tree.leafHashes(0, at).forEach(before::append);
            CompactRange after = CompactRange.of(at, before.hashes());
            tree.leafHashes(at, 70).forEach(after::append);
            assertThat(after.root()).as("taken up at %d", at).isEqualTo(tree.root(0, 70));
            assertThat(before.size()).as("the first is untouched").isEqualTo(at);
        }
    }

    @Test
    void aCompactRangeOfAnotherNumberOfHashesIsRefused() {
        Digest hash = Digest.of(Bytes.EMPTY);
        assertThatThrownBy(() -> CompactRange.of(3, List.of(hash))).hasMessageContaining("3 leaves has 2 complete");
        assertThatThrownBy(() -> CompactRange.of(0, List.of(hash))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CompactRange.of(-1, List.of(hash))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSubtreeIsAppendedOnlyWhereOneOfItsSizeBegins() {
        Digest hash = Digest.of(Bytes.EMPTY);
        CompactRange range = CompactRange.of(2, List.of(hash));
        assertThatThrownBy(() -> range.appendSubtree(2, hash)).hasMessageContaining("level 2 begins at leaf 2");
        range.appendSubtree(1, hash);
        assertThat(range.size()).isEqualTo(4);
        assertThat(range.root()).isEqualTo(Merkle.nodeHash(hash, hash));
        assertThatThrownBy(() -> range.appendSubtree(-1, hash)).isInstanceOf(IllegalArgumentException.class);
    }
}
