package dev.terraseal.core.tiles;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.merkle.CompactRange;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.ProofException;
import java.util.ArrayList;
import java.util.List;

/**
 * The right edge of a tiled log: takes entries, gives out full tiles as they come and partial ones for any size. Holds at
 * most 255 hashes a level and the entries of the last bundle. Mutable; not safe for concurrent use.
 *
 * <p>Order of use: append, write {@link #takeFull()}, write {@link #partials()}, and only then sign {@link #root()}.
 */
public final class GrowingTiles {
    private final CompactRange range;
    private final List<Bytes> entries = new ArrayList<>();
    private final List<List<Digest>> levels = new ArrayList<>();
    private final List<TileFile> full = new ArrayList<>();

    /** A log without entries. */
    public GrowingTiles() {
        this(new CompactRange());
    }

    private GrowingTiles(CompactRange range) {
        this.range = range;
    }

    /**
     * Takes up the log of {@code reader.size()} entries. The caller compares {@link #root()} with the checkpoint of that
     * size before it goes on.
     *
     * @throws ProofException if a partial tile is missing or malformed, or the partial tiles contradict each other
     */
    public static GrowingTiles resume(TileReader reader) throws ProofException {
        long size = reader.size();
        CompactRange range = new CompactRange();
        GrowingTiles tiles = new GrowingTiles(range);
        for (TilePath partial : TilePath.partials(size)) {
            if (partial.isEntries()) {
                tiles.entries.addAll(reader.entries(partial.index()).entries());
            } else {
                tiles.level(partial.level())
                        .addAll(reader.tile(partial.level(), partial.index()).hashes());
            }
        }
        for (int i = 0; i < tiles.entries.size(); i++) {
            Digest leafHash = Merkle.leafHash(tiles.entries.get(i));
            if (!leafHash.equals(tiles.levels.get(0).get(i))) {
                throw ProofException.mismatch(
                        "the partial tile and the partial entry bundle of size " + size + " differ at entry "
                                + (size - tiles.entries.size() + i),
                        tiles.levels.get(0).get(i),
                        leafHash);
            }
        }
        for (int level = tiles.levels.size() - 1; level >= 0; level--) {
            for (Digest hash : tiles.levels.get(level)) {
                range.appendSubtree(level * TilePath.HEIGHT, hash);
            }
        }
        return tiles;
    }

    /** Appends an entry of ours: its entry hash. */
    public void append(Digest entryHash) {
        append(entryHash.bytes());
    }

    /** Appends an entry of at most 65,535 bytes. */
    public void append(Bytes entry) {
        if (entry.length() > EntryBundle.MAX_ENTRY_BYTES) {
            throw new IllegalArgumentException(
                    "an entry of a tiled log has at most 65535 bytes, not " + entry.length());
        }
        Digest leafHash = Merkle.leafHash(entry);
        long bundle = range.size() / TilePath.FULL;
        range.append(leafHash);
        entries.add(entry);
        if (entries.size() == TilePath.FULL) {
            full.add(new TileFile(TilePath.entries(bundle, TilePath.FULL), new EntryBundle(entries).bytes()));
            entries.clear();
        }
        push(0, leafHash);
    }

    private void push(int level, Digest hash) {
        List<Digest> hashes = level(level);
        hashes.add(hash);
        if (hashes.size() == TilePath.FULL) {
            Tile tile = new Tile(hashes);
            long index = TilePath.hashesAt(level, range.size()) / TilePath.FULL - 1;
            full.add(new TileFile(TilePath.tile(level, index, TilePath.FULL), tile.bytes()));
            hashes.clear();
            push(level + 1, tile.node(TilePath.HEIGHT, 0));
        }
    }

    private List<Digest> level(int level) {
        while (levels.size() <= level) {
            levels.add(new ArrayList<>());
        }
        return levels.get(level);
    }

    /** The tiles and bundles that became full since the last call, in the order they did. They are given out once. */
    public List<TileFile> takeFull() {
        List<TileFile> taken = List.copyOf(full);
        full.clear();
        return taken;
    }

    /** The partial bundle and the partial tiles of the present size. */
    public List<TileFile> partials() {
        List<TileFile> partials = new ArrayList<>();
        for (TilePath path : TilePath.partials(range.size())) {
            Bytes content =
                    path.isEntries() ? new EntryBundle(entries).bytes() : new Tile(levels.get(path.level())).bytes();
            partials.add(new TileFile(path, content));
        }
        return partials;
    }

    public long size() {
        return range.size();
    }

    public Digest root() {
        return range.root();
    }

    /** The complete subtrees as they stand; a copy. */
    public CompactRange compactRange() {
        return range.copy();
    }
}
