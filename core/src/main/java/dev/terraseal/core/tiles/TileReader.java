package dev.terraseal.core.tiles;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.merkle.NodeReader;
import dev.terraseal.core.merkle.ProofException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the tree of {@code size} leaves from tiles. Keeps the tiles it used last, so that the proofs of neighbours read
 * them once. What is read is not trusted. Not safe for concurrent use.
 */
public final class TileReader implements NodeReader {
    private static final int KEPT = 64;

    private final TileSource source;
    private final long size;
    private final Map<TilePath, Tile> kept = new LinkedHashMap<>(KEPT, 0.75f, true);

    public TileReader(TileSource source, long size) {
        if (size < 0) {
            throw new IllegalArgumentException("a log has no " + size + " entries");
        }
        this.source = source;
        this.size = size;
    }

    public long size() {
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
        Tile tile = tile(level / TilePath.HEIGHT, first / TilePath.FULL);
        return tile.node(within, (int) (index % (TilePath.FULL >>> within)));
    }

    /** The tile of that place in a log of this size; a partial one may be read out of the full one that replaced it. */
    public Tile tile(int level, long index) throws ProofException {
        TilePath path = path(level, index);
        Tile tile = kept.get(path);
        if (tile == null) {
            TileFile file = read(path);
            tile = Tile.parse(file.path(), file.content());
            if (tile.hashes().size() > path.width()) {
                tile = new Tile(tile.hashes().subList(0, path.width()));
            }
            keep(path, tile);
        }
        return tile;
    }

    /** The bundle of entries {@code index * 256} and following of a log of this size. */
    public EntryBundle entries(long index) throws ProofException {
        TilePath path = path(TilePath.ENTRIES, index);
        TileFile file = read(path);
        EntryBundle bundle = EntryBundle.parse(file.path(), file.content());
        return bundle.entries().size() == path.width()
                ? bundle
                : new EntryBundle(bundle.entries().subList(0, path.width()));
    }

    private TilePath path(int level, long index) {
        int width = TilePath.widthAt(level, index, size);
        if (width == 0) {
            throw new IllegalArgumentException(
                    "a log of " + size + " entries has no tile " + index + " of level " + level);
        }
        return new TilePath(level, index, width);
    }

    private TileFile read(TilePath path) throws ProofException {
        Bytes content = source.read(path.path());
        if (content != null) {
            return new TileFile(path, content);
        }
        if (!path.isFull()) {
            Bytes full = source.read(path.full().path());
            if (full != null) {
                return new TileFile(path.full(), full);
            }
        }
        throw new ProofException(path + (path.isFull() ? " is missing" : " is missing, and so is the full one")
                + "; a log of " + size + " entries has it");
    }

    private void keep(TilePath path, Tile tile) {
        if (kept.size() == KEPT) {
            kept.remove(kept.keySet().iterator().next());
        }
        kept.put(path, tile);
    }
}
