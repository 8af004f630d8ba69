package dev.terraseal.core.tiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TilePathTest {
    @Test
    void theKnownPathsHold() {
        assertThat(TilePath.entries(123_456_789, 256).path()).isEqualTo("tile/entries/x123/x456/789");
        assertThat(TilePath.tile(15, 123_456_789, 41).path()).isEqualTo("tile/15/x123/x456/789.p/41");
        assertThat(TilePath.tile(0, 1_234_067, 256).path()).isEqualTo("tile/0/x001/x234/067");
        assertThat(TilePath.entries(0, 255).path()).isEqualTo("tile/entries/000.p/255");
        assertThat(TilePath.tile(0, 1000, 256).path()).isEqualTo("tile/0/x001/000");
        assertThat(TilePath.tile(63, 0, 1).path()).isEqualTo("tile/63/000.p/1");
    }

    @Test
    void everyPathIsReadBackAsItself() {
        for (long index : new long[] {0, 1, 999, 1000, 1001, 999_999, 1_000_000, 123_456_789, Long.MAX_VALUE / 256}) {
            for (int level : new int[] {TilePath.ENTRIES, 0, 1, 9, 10, 63}) {
                for (int width : new int[] {1, 99, 255, 256}) {
                    TilePath tile = new TilePath(level, index, width);
                    assertThat(TilePath.parse(tile.path())).contains(tile);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tile/0/0",
                "tile/0/00",
                "tile/0/0000",
                "tile/00/000",
                "tile/64/000",
                "tile/-1/000",
                "tile/0/x000/001",
                "tile/0/001/x002",
                "tile/0/001/002",
                "tile/0/000.p/0",
                "tile/0/000.p/01",
                "tile/0/000.p/256",
                "tile/0/000.p/257",
                "tile/0/000.p",
                "tile/data/000",
                "/tile/0/000",
                "tile/0/000/",
                "tile/0/x999/x999/x999/x999/x999/x999/999",
                "tile/0/\u0660\u0660\u0660"
            })
    void whatIsNotTheOnePathOfATileIsNoTile(String path) {
        assertThat(TilePath.parse(path)).isEmpty();
    }

    @Test
    void sizesHaveTheTilesOfTheSpecification() {
        assertThat(TilePath.partials(0)).isEmpty();
        assertThat(TilePath.partials(70_000))
                .containsExactly(
                        TilePath.entries(273, 112),
                        TilePath.tile(0, 273, 112),
                        TilePath.tile(1, 1, 17),
                        TilePath.tile(2, 0, 1));
        assertThat(TilePath.partials(256)).isEqualTo(List.of(TilePath.tile(1, 0, 1)));
        assertThat(TilePath.partials(255)).containsExactly(TilePath.entries(0, 255), TilePath.tile(0, 0, 255));
        assertThat(TilePath.widthAt(0, 272, 70_000)).isEqualTo(256);
        assertThat(TilePath.widthAt(0, 273, 70_000)).isEqualTo(112);
        assertThat(TilePath.widthAt(0, 274, 70_000)).isZero();
        assertThat(TilePath.widthAt(1, 1, 70_000)).isEqualTo(17);
        assertThat(TilePath.widthAt(8, 0, Long.MAX_VALUE)).isZero();
        assertThat(TilePath.widthAt(7, 0, Long.MAX_VALUE)).isEqualTo(127);
    }

    @Test
    void thereIsNoTileOutOfRange() {
        assertThatThrownBy(() -> TilePath.tile(-1, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TilePath.tile(64, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TilePath.entries(-1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TilePath.entries(0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TilePath.entries(0, 257)).isInstanceOf(IllegalArgumentException.class);
    }
}
