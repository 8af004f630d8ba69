package dev.terraseal.core.tiles;

import dev.terraseal.core.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/** Where the files of a log are read from. */
@FunctionalInterface
public interface TileSource {
    /**
     * The file at a path of {@link TilePath}, or null if there is none.
     *
     * @throws java.io.UncheckedIOException if the store does not answer: that says nothing about the log
     */
    @Nullable Bytes read(String path);
}
