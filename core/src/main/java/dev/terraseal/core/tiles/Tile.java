package dev.terraseal.core.tiles;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.ProofException;
import java.util.ArrayList;
import java.util.List;

/** 1 to 256 hashes of complete subtrees of one size, side by side; in a file they stand one after the other. */
public record Tile(List<Digest> hashes) {
    public Tile {
        hashes = List.copyOf(hashes);
        if (hashes.isEmpty() || hashes.size() > TilePath.FULL) {
            throw new IllegalArgumentException("a tile has 1 to 256 hashes, not " + hashes.size());
        }
    }

    /**
     * Reads the first hashes of the file at {@code path}, as many as its width.
     *
     * @throws ProofException if {@code content} has another length than a tile of that width
     */
    public static Tile parse(TilePath path, Bytes content) throws ProofException {
        if (content.length() != path.width() * Digest.LENGTH) {
            throw new ProofException("the tile " + path + " has " + content.length() + " bytes, not the "
                    + path.width() * Digest.LENGTH + " of " + path.width() + " hashes");
        }
        byte[] bytes = content.toByteArray();
        List<Digest> hashes = new ArrayList<>(path.width());
        for (int i = 0; i < path.width(); i++) {
            hashes.add(Digest.copyOf(bytes, i * Digest.LENGTH));
        }
        return new Tile(hashes);
    }

    public Bytes bytes() {
        byte[] out = new byte[hashes.size() * Digest.LENGTH];
        for (int i = 0; i < hashes.size(); i++) {
            hashes.get(i).copyTo(out, i * Digest.LENGTH);
        }
        return Bytes.wrap(out);
    }

    /** The root over the 2^level hashes from {@code index * 2^level} on, all of them in this tile; level 0 to 8. */
    public Digest node(int level, int index) {
        int from = index << level;
        return Merkle.root(hashes.subList(from, from + (1 << level)));
    }
}
