package dev.terraseal.core.tiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.merkle.ConsistencyProof;
import dev.terraseal.core.merkle.InclusionProof;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.merkle.Proofs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GrowingTilesTest {
    private static final long SEED = 20261122;
    /** Above 65,536 a third level of tiles begins. */
    private static final int MANY = 66_100;

    private final Map<String, Bytes> store = new HashMap<>();

    private void write(List<TileFile> files) {
        for (TileFile file : files) {
            Bytes before = store.put(file.path().path(), file.content());
            assertThat(before == null || before.equals(file.content()))
                    .as("%s is written again with other bytes", file.path())
                    .isTrue();
        }
    }

    private static Digest entry(int index) {
        return Digest.of(Bytes.utf8("entry " + index));
    }

    private GrowingTiles grown(int size) {
        GrowingTiles tiles = new GrowingTiles();
        for (int i = 0; i < size; i++) {
            tiles.append(entry(i));
        }
        write(tiles.takeFull());
        write(tiles.partials());
        return tiles;
    }

    @Test
    void theFilesOfALogAreTheOnesItsSizeSays() {
        GrowingTiles tiles = grown(MANY);
        assertThat(tiles.takeFull()).as("given out once").isEmpty();
        List<String> wanted = new ArrayList<>();
        for (int level = TilePath.ENTRIES; TilePath.hashesAt(level, MANY) > 0; level++) {
            for (long index = 0; TilePath.widthAt(level, index, MANY) > 0; index++) {
                wanted.add(new TilePath(level, index, TilePath.widthAt(level, index, MANY)).path());
            }
        }
        assertThat(store.keySet()).containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(store.get("tile/0/000").length()).isEqualTo(8192);
        assertThat(store.get("tile/2/000.p/1").length()).isEqualTo(32);
        assertThat(store.get("tile/entries/000").slice(0, 34))
                .isEqualTo(Bytes.concat(Bytes.fromHex("0020"), entry(0).bytes()));
    }

    @Test
    void proofsFromTilesVerifyUnderTheRootAtEverySizeAskedFor() throws ProofException {
        Random random = new Random(SEED);
        GrowingTiles tiles = new GrowingTiles();
        List<Integer> sizes = new ArrayList<>(List.of(1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, MANY));
        for (int i = 0; i < 20; i++) {
            sizes.add(1 + random.nextInt(MANY - 1));
        }
        sizes.sort(null);
        Map<Integer, Digest> roots = new HashMap<>();
        for (int size : sizes) {
            while (tiles.size() < size) {
                tiles.append(entry((int) tiles.size()));
            }
            write(tiles.takeFull());
            write(tiles.partials());
            roots.put(size, tiles.root());
            Proofs proofs = new Proofs(new TileReader(store::get, size), size);
            assertThat(proofs.root()).as("seed %d size %d", SEED, size).isEqualTo(tiles.root());
            assertThat(proofs.compactRange().hashes())
                    .isEqualTo(tiles.compactRange().hashes());
            for (int i = 0; i < 20; i++) {
                int index = random.nextInt(size);
                InclusionProof.verify(
                        index, size, Merkle.leafHash(entry(index)), proofs.inclusion(index), tiles.root());
            }
            for (int old : sizes) {
                if (old <= size) {
                    ConsistencyProof.verify(old, size, roots.get(old), tiles.root(), proofs.consistency(old));
                }
            }
            int first = random.nextInt(size);
            int end = first + 1 + random.nextInt(Math.min(size - first, 600));
            List<Digest> leaves = new ArrayList<>();
            for (int i = first; i < end; i++) {
                leaves.add(Merkle.leafHash(entry(i)));
            }
            proofs.range(first, end).verify(leaves, size, tiles.root());
        }
    }

    @Test
    void aLogTakenUpFromItsTilesGrowsTheSameFiles() throws ProofException {
        for (int size : new int[] {0, 1, 255, 256, 257, 700, 65_535, 65_536, 65_537}) {
            store.clear();
            GrowingTiles before = grown(size);
            GrowingTiles after = GrowingTiles.resume(new TileReader(store::get, size));
            assertThat(after.root()).as("size %d", size).isEqualTo(before.root());
            assertThat(after.partials()).isEqualTo(before.partials());
            assertThat(after.takeFull()).isEmpty();
            for (int i = size; i < size + 600; i++) {
                before.append(entry(i));
                after.append(entry(i));
            }
            assertThat(after.takeFull()).isEqualTo(before.takeFull());
            assertThat(after.partials()).isEqualTo(before.partials());
        }
    }

    @Test
    void aPartialTileIsReadOutOfTheFullOneThatReplacedIt() throws ProofException {
        Digest root = grown(300).root();
        grown(600);
        // What a log may delete: partial tiles whose full tile is there. Level 1 has none yet and keeps its partial
        // one.
        store.keySet().removeAll(List.of("tile/0/001.p/44", "tile/entries/001.p/44"));
        assertThat(store).containsKeys("tile/0/001", "tile/1/000.p/1", "tile/1/000.p/2");
        TileReader reader = new TileReader(store::get, 300);
        assertThat(new Proofs(reader, 300).root()).isEqualTo(root);
        assertThat(reader.entries(1).entries()).hasSize(44);
        assertThat(reader.tile(0, 1).hashes()).hasSize(44);
    }

    @Test
    void aMissingOrCutTileIsNamed() {
        grown(600);
        Bytes tile = store.get("tile/0/001");
        store.put("tile/0/001", tile.slice(0, 8191));
        assertThatThrownBy(() -> new Proofs(new TileReader(store::get, 600), 600).inclusion(300))
                .isInstanceOf(ProofException.class)
                .hasMessageContaining("tile/0/001 has 8191 bytes, not the 8192");
        store.remove("tile/0/001");
        assertThatThrownBy(() -> new Proofs(new TileReader(store::get, 600), 600).inclusion(300))
                .isInstanceOf(ProofException.class)
                .hasMessageContaining("tile/0/001 is missing");
        assertThatThrownBy(() -> GrowingTiles.resume(new TileReader(path -> null, 1)))
                .hasMessageContaining("tile/entries/000.p/1 is missing, and so is the full one");
    }

    @Test
    void partialFilesThatContradictEachOtherAreNotTakenUp() {
        grown(10);
        byte[] bundle = store.get("tile/entries/000.p/10").toByteArray();
        bundle[2 + 3 * 34] ^= 1;
        store.put("tile/entries/000.p/10", Bytes.wrap(bundle));
        assertThatThrownBy(() -> GrowingTiles.resume(new TileReader(store::get, 10)))
                .isInstanceOf(ProofException.class)
                .hasMessageContaining("differ at entry 3");
    }

    @Test
    void aBundleIsExactlyItsEntries() throws ProofException {
        EntryBundle bundle = new EntryBundle(List.of(Bytes.EMPTY, Bytes.utf8("abc"), Bytes.wrap(new byte[65_535])));
        TilePath path = TilePath.entries(7, 3);
        Bytes bytes = bundle.bytes();
        assertThat(EntryBundle.parse(path, bytes)).isEqualTo(bundle);
        assertThatThrownBy(() -> EntryBundle.parse(path, bytes.slice(0, bytes.length() - 1)))
                .hasMessageContaining("ends inside its entry 2");
        assertThatThrownBy(() -> EntryBundle.parse(path, Bytes.concat(bytes, Bytes.fromHex("00"))))
                .hasMessageContaining("goes on after its 3 entries");
        assertThatThrownBy(() -> EntryBundle.parse(TilePath.entries(7, 4), bytes))
                .hasMessageContaining("ends after 3 entries");
        assertThatThrownBy(() -> new EntryBundle(List.of(Bytes.wrap(new byte[65_536]))))
                .hasMessageContaining("at most 65535");
        assertThatThrownBy(() -> new GrowingTiles().append(Bytes.wrap(new byte[65_536])))
                .hasMessageContaining("at most 65535");
    }
}
