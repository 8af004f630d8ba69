package dev.terraseal.store;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.tiles.EntryBundle;
import dev.terraseal.core.tiles.Tile;
import dev.terraseal.core.tiles.TilePath;

/**
 * Which bytes can be the tile of a path at all. It keeps what somebody planted under the name of a full tile, before it was
 * full, from being read for one; whether a tile is right only the root above it says.
 */
public record TileForm(TilePath path) implements Validity {
    @Override
    public boolean holds(Bytes content) {
        try {
            return path.isEntries()
                    ? EntryBundle.parse(path, content).entries().size() == path.width()
                    : Tile.parse(path, content).hashes().size() == path.width();
        } catch (ProofException | IllegalArgumentException notOne) {
            return false;
        }
    }

    /** Of a path as text; one that is no tile's has no form. */
    public static Validity of(String path) {
        return TilePath.parse(path).<Validity>map(TileForm::new).orElse(Validity.any());
    }
}
