package dev.terraseal.core.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.JsonException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Every tree up to 66 leaves, every index and every pair of sizes: past that nothing new happens on the borders. */
class ProofsTest {
    private static final long SEED = 20261122;
    private static final int MAX = 66;

    private final NaiveTree tree = NaiveTree.random(new Random(SEED), MAX);
    private final NodeReader nodes = (level, index) -> tree.root((int) (index << level), (int) ((index + 1) << level));

    @Test
    void pathsAreThoseOfTheDefinitionAndVerify() throws ProofException {
        for (int n = 1; n <= MAX; n++) {
            Proofs proofs = new Proofs(nodes, n);
            Digest root = tree.root(0, n);
            assertThat(proofs.root()).isEqualTo(root);
            assertThat(proofs.compactRange().root()).isEqualTo(root);
            for (int i = 0; i < n; i++) {
                List<Digest> path = proofs.inclusion(i);
                assertThat(path).as("index %d of %d", i, n).isEqualTo(tree.path(i, n));
                assertThat(InclusionProof.pathLength(i, n)).isEqualTo(path.size());
                InclusionProof.verify(i, n, tree.leafHash(i), path, root);
            }
        }
    }

    @Test
    void anAlteredPathIsRefusedWhateverWasAltered() throws ProofException {
        Random random = new Random(SEED);
        for (int n = 1; n <= MAX; n++) {
            int size = n;
            Digest root = tree.root(0, n);
            int i = random.nextInt(n);
            Digest leaf = tree.leafHash(i);
            List<Digest> path = tree.path(i, n);
            for (List<Digest> altered : alterations(path, random, root, leaf)) {
                refused(() -> InclusionProof.verify(i, size, leaf, altered, root), i, n);
            }
            for (int other = 0; other < n; other++) {
                int index = other;
                if (other != i) {
                    refused(() -> InclusionProof.verify(index, size, leaf, path, root), index, n);
                }
            }
            refused(() -> InclusionProof.verify(i, size, Digest.of(leaf.bytes()), path, root), i, n);
            refused(() -> InclusionProof.verify(size, size, leaf, path, root), n, n);
            refused(() -> InclusionProof.verify(-1, size, leaf, path, root), -1, n);
        }
        assertThatThrownBy(() -> InclusionProof.verify(0, 0, Merkle.EMPTY_ROOT, List.of(), Merkle.EMPTY_ROOT))
                .isInstanceOf(ProofException.class);
    }

    @Test
    void aFailureKeepsBothRoots() {
        Digest root = tree.root(0, 5);
        Digest wrong = Digest.of(Bytes.EMPTY);
        assertThatThrownBy(() -> InclusionProof.verify(2, 5, tree.leafHash(2), tree.path(2, 5), wrong))
                .isInstanceOfSatisfying(ProofException.class, e -> {
                    assertThat(e.expected()).isEqualTo(wrong);
                    assertThat(e.computed()).isEqualTo(root);
                    assertThat(e).hasMessageContaining(wrong.base64()).hasMessageContaining(root.base64());
                });
    }

    @Test
    void consistencyProofsAreThoseOfTheDefinitionAndVerify() throws ProofException {
        for (int n = 1; n <= MAX; n++) {
            for (int m = 1; m <= n; m++) {
                List<Digest> proof = new Proofs(nodes, n).consistency(m);
                assertThat(proof).as("%d to %d", m, n).isEqualTo(tree.proof(m, n));
                ConsistencyProof.verify(m, n, tree.root(0, m), tree.root(0, n), proof);
            }
        }
    }

    @Test
    void anAlteredConsistencyProofIsRefused() {
        Random random = new Random(SEED);
        for (int n = 2; n <= MAX; n++) {
            int size = n;
            int old = 1 + random.nextInt(n - 1);
            Digest oldRoot = tree.root(0, old);
            Digest newRoot = tree.root(0, n);
            List<Digest> proof = tree.proof(old, n);
            for (List<Digest> altered : alterations(proof, random, oldRoot, newRoot)) {
                refused(() -> ConsistencyProof.verify(old, size, oldRoot, newRoot, altered), old, n);
            }
            Digest wrong = Digest.of(oldRoot.bytes());
            refused(() -> ConsistencyProof.verify(old, size, wrong, newRoot, proof), old, n);
            refused(() -> ConsistencyProof.verify(old, size, oldRoot, wrong, proof), old, n);
            refused(() -> ConsistencyProof.verify(old, size, newRoot, oldRoot, proof), old, n);
            refused(() -> ConsistencyProof.verify(size, old, newRoot, oldRoot, proof), size, old);
        }
    }

    @Test
    void consistencyWithTheEmptyTreeIsAnErrorAndNotATriviality() {
        Digest empty = Merkle.EMPTY_ROOT;
        Digest root = tree.root(0, 3);
        refused(() -> ConsistencyProof.verify(0, 0, empty, empty, List.of()), 0, 0);
        refused(() -> ConsistencyProof.verify(0, 3, empty, root, List.of()), 0, 3);
        refused(() -> ConsistencyProof.verify(0, 3, empty, root, tree.proof(1, 3)), 0, 3);
        refused(() -> ConsistencyProof.verify(-1, 3, empty, root, List.of()), -1, 3);
    }

    @Test
    void treesOfOneSizeNeedOneRootAndAnEmptyProof() {
        Digest root = tree.root(0, 3);
        assertThatCode(() -> ConsistencyProof.verify(3, 3, root, root, List.of()))
                .doesNotThrowAnyException();
        refused(() -> ConsistencyProof.verify(3, 3, root, root, List.of(root)), 3, 3);
        refused(() -> ConsistencyProof.verify(3, 3, root, tree.root(0, 2), List.of()), 3, 3);
    }

    @Test
    void rangesAreThoseOfTheDefinitionAndVerify() throws ProofException {
        for (int n = 1; n <= 40; n++) {
            Proofs proofs = new Proofs(nodes, n);
            Digest root = tree.root(0, n);
            for (int first = 0; first < n; first++) {
                for (int end = first + 1; end <= n; end++) {
                    RangeProof range = proofs.range(first, end);
                    assertThat(range.left())
                            .as("%d to %d of %d", first, end, n)
                            .isEqualTo(tree.outside(first, end, n, true));
                    assertThat(range.right())
                            .as("%d to %d of %d", first, end, n)
                            .isEqualTo(tree.outside(first, end, n, false));
                    range.verify(tree.leafHashes(first, end), n, root);
                    assertThat(RangeProof.parse(range.bytes())).isEqualTo(range);
                }
            }
        }
    }

    @Test
    void aRangeWithAnEntryMissingAddedSwappedOrChangedIsRefused() throws ProofException {
        Random random = new Random(SEED);
        for (int round = 0; round < 400; round++) {
            int n = 2 + random.nextInt(MAX - 1);
            int first = random.nextInt(n - 1);
            int end = first + 1 + random.nextInt(n - first);
            RangeProof proof = new Proofs(nodes, n).range(first, end);
            Digest root = tree.root(0, n);
            List<Digest> leaves = tree.leafHashes(first, end);
            for (List<Digest> altered : alterations(leaves, random, root, leaves.get(0))) {
                refused(() -> proof.verify(altered, n, root), first, n);
            }
            for (List<Digest> altered : alterations(proof.left(), random, root, leaves.get(0))) {
                refused(() -> new RangeProof(first, end, altered, proof.right()).verify(leaves, n, root), first, n);
            }
            for (List<Digest> altered : alterations(proof.right(), random, root, leaves.get(0))) {
                refused(() -> new RangeProof(first, end, proof.left(), altered).verify(leaves, n, root), first, n);
            }
            refused(() -> proof.verify(leaves, end - 1, root), first, n);
            refused(() -> proof.verify(leaves, n, Digest.of(root.bytes())), first, n);
            refused(
                    () -> new RangeProof(first + 1, end + 1, proof.left(), proof.right()).verify(leaves, n, root),
                    first,
                    n);
        }
    }

    @Test
    void aRangeFileHasOneFormAndBounds() throws ProofException {
        String form = "{\"end\":2,\"first\":1,\"left\":[\"" + Merkle.EMPTY_ROOT.base64() + "\"],\"right\":[]}";
        assertThat(RangeProof.parse(Bytes.utf8(form)).left()).containsExactly(Merkle.EMPTY_ROOT);
        for (String broken : List.of(
                form.replace("\"right\":[]", "\"right\":[],\"extra\":1"),
                form.replace(",\"right\":[]", ""),
                form.replace("\"first\":1", "\"first\":2"),
                form.replace("\"first\":1", "\"first\":-1"),
                form.replace("=\"]", "\"]"),
                form.replace("\"first\":1", "\"first\": 1"),
                form.replace("[]", "[" + "\"x\",".repeat(63) + "\"x\"]"))) {
            assertThatThrownBy(() -> RangeProof.parse(Bytes.utf8(broken)))
                    .as(broken)
                    .isInstanceOf(JsonException.class);
        }
    }

    @Test
    void whatTheStoreDoesNotHoldIsNamed() {
        NodeReader holed = (level, index) -> {
            throw new ProofException("tile/0/000 is missing");
        };
        assertThatThrownBy(() -> new Proofs(holed, 2).inclusion(0)).hasMessage("tile/0/000 is missing");
        assertThatThrownBy(() -> new Proofs(nodes, 2).inclusion(2)).hasMessageContaining("outside a tree of 2");
        assertThatThrownBy(() -> new Proofs(nodes, 2).consistency(0)).hasMessageContaining("outside a tree of 2");
        assertThatThrownBy(() -> new Proofs(nodes, 2).range(1, 1)).hasMessageContaining("outside a tree of 2");
    }

    @Test
    void sizesNearTheEndOfSixtyThreeBitsNeitherLoopNorOverflow() {
        long size = Long.MAX_VALUE;
        Digest hash = Digest.of(Bytes.EMPTY);
        List<Digest> path = new ArrayList<>();
        for (int i = 0; i < InclusionProof.pathLength(size - 1, size); i++) {
            path.add(hash);
        }
        refused(() -> InclusionProof.verify(size - 1, size, hash, path, hash), 0, 0);
        refused(() -> ConsistencyProof.verify(size - 1, size, hash, hash, path), 0, 0);
        refused(() -> new RangeProof(size - 2, size - 1, List.of(), List.of()).verify(List.of(hash), size, hash), 0, 0);
    }

    private static List<List<Digest>> alterations(List<Digest> hashes, Random random, Digest one, Digest two) {
        List<List<Digest>> out = new ArrayList<>();
        for (Digest extra : List.of(one, two, Merkle.EMPTY_ROOT)) {
            List<Digest> before = new ArrayList<>(hashes);
            before.add(0, extra);
            out.add(before);
            List<Digest> after = new ArrayList<>(hashes);
            after.add(extra);
            out.add(after);
        }
        for (int i = 0; i < hashes.size(); i++) {
            List<Digest> without = new ArrayList<>(hashes);
            without.remove(i);
            out.add(without);
            List<Digest> flipped = new ArrayList<>(hashes);
            byte[] bytes = hashes.get(i).toByteArray();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            flipped.set(i, Digest.copyOf(bytes));
            out.add(flipped);
            if (i > 0 && !hashes.get(i).equals(hashes.get(i - 1))) {
                List<Digest> swapped = new ArrayList<>(hashes);
                swapped.set(i, hashes.get(i - 1));
                swapped.set(i - 1, hashes.get(i));
                out.add(swapped);
            }
        }
        return out;
    }

    private static void refused(ThrowingCallable call, long a, long b) {
        assertThatThrownBy(call).as("seed %d, %d of %d", SEED, a, b).isInstanceOf(ProofException.class);
    }
}
