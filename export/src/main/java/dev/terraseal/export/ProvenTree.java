package dev.terraseal.export;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.NodeReader;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.tiles.Tile;
import dev.terraseal.core.tiles.TilePath;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tree under a signed root, every hash of it proven: a full tile by the hash of it in the tile above, the partial ones
 * together by the root. Of what else may lie under the names of tiles nothing is taken. Not safe for concurrent use.
 */
final class ProvenTree implements NodeReader {
    private static final int KEPT = 64;

    private final ArchiveReader archive;
    private final long size;
    private final Map<Integer, Tile> edge;
    private final Map<TilePath, Tile> kept = new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TilePath, Tile> eldest) {
            return size() > KEPT;
        }
    };

    /** @throws ProofException if the archive's partial tiles of this size do not lead to {@code root} */
    ProvenTree(ArchiveReader archive, long size, Digest root) throws StoreException, ProofException {
        this.archive = archive;
        this.size = size;
        this.edge = new TreeEdge(archive, size, root).find();
    }

    long size() {
        return size;
    }

    @Override
    public Digest node(int level, long index) throws ProofException {
        if (level < 0 || level >= Long.SIZE - 1 || index < 0 || index >= size >>> level) {
            throw new IllegalArgumentException(
                    "the tree of " + size + " leaves has no complete subtree " + index + " of level " + level);
        }
        int within = level % TilePath.HEIGHT;
        long first = index << within;
        return tile(level / TilePath.HEIGHT, first / TilePath.FULL)
                .node(within, (int) (index % (TilePath.FULL >>> within)));
    }

    /** Whether these are the hashes of the leaves from {@code first} on; a block of 256 is looked up as one hash. */
    boolean holds(long first, List<Digest> leaves) throws ProofException {
        int at = 0;
        while (at < leaves.size()) {
            long index = first + at;
            if (index % TilePath.FULL == 0 && leaves.size() - at >= TilePath.FULL) {
                Digest block = Merkle.root(leaves.subList(at, at + TilePath.FULL));
                if (!block.equals(node(TilePath.HEIGHT, index / TilePath.FULL))) {
                    return false;
                }
                at += TilePath.FULL;
            } else if (leaves.get(at).equals(node(0, index))) {
                at++;
            } else {
                return false;
            }
        }
        return true;
    }

    private Tile tile(int level, long index) throws ProofException {
        if (TilePath.widthAt(level, index, size) < TilePath.FULL) {
            Tile partial = edge.get(level);
            if (partial == null) {
                throw new IllegalArgumentException("a log of " + size + " entries has no tile of level " + level);
            }
            return partial;
        }
        TilePath path = TilePath.tile(level, index, TilePath.FULL);
        Tile known = kept.get(path);
        if (known == null) {
            Digest above = tile(level + 1, index / TilePath.FULL).hashes().get((int) (index % TilePath.FULL));
            known = read(path, above);
            kept.put(path, known);
        }
        return known;
    }

    private Tile read(TilePath path, Digest above) throws ProofException {
        try {
            // The newest first, which is one request: nearly always it is the only one.
            Bytes newest = archive.readNewest(path.path()).orElse(Bytes.EMPTY);
            Bytes content = isTile(path, newest, above)
                    ? newest
                    : archive.read(path.path(), each -> isTile(path, each, above))
                            .orElseThrow(() -> new ProofException(path
                                    + " is missing, or none of its versions is what checkpoints/" + size + " needs"))
                            .content();
            return Tile.parse(path, content);
        } catch (StoreException unanswered) {
            throw new UncheckedIOException(unanswered);
        }
    }

    private static boolean isTile(TilePath path, Bytes content, Digest above) {
        try {
            return content.length() == TilePath.FULL * Digest.LENGTH
                    && Merkle.root(Tile.parse(path, content).hashes()).equals(above);
        } catch (ProofException another) {
            return false;
        }
    }
}
