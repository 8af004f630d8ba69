package dev.terraseal.archiver.recovery;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.tiles.TilePath;
import dev.terraseal.core.tiles.TileSource;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.TileForm;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The tiles of an archive: full ones are locked and count by their oldest version, partial ones by their newest. */
public final class ArchiveTiles implements TileSource {
    private final ArchiveReader store;

    public ArchiveTiles(ArchiveReader store) {
        this.store = store;
    }

    @Override
    public @Nullable Bytes read(String path) {
        try {
            boolean full = TilePath.parse(path).map(TilePath::isFull).orElse(true);
            return full
                    ? store.read(path, TileForm.of(path)).map(Stored::content).orElse(null)
                    : store.readNewest(path).orElse(null);
        } catch (StoreException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
