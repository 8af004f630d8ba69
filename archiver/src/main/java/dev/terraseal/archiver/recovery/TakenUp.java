package dev.terraseal.archiver.recovery;

import dev.terraseal.archiver.state.LogState;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.tiles.GrowingTiles;
import java.util.List;

/**
 * An archive at its newest checkpoint.
 *
 * @param note of the checkpoint, as archived
 * @param known the log's keys as far as the archive has key events, also above the checkpoint
 * @param tail entry hashes of the newest segment below the checkpoint, the last of them at {@code size − 1}: what the
 *     stream must say as well
 * @param tilesLost the tiles there are not those of the checkpoint, and {@code tiles} are made again from the segments
 */
public record TakenUp(
        Checkpoint checkpoint,
        Bytes note,
        KeyRing known,
        LogState state,
        GrowingTiles tiles,
        List<Digest> tail,
        boolean tilesLost) {
    public TakenUp {
        tail = List.copyOf(tail);
    }
}
