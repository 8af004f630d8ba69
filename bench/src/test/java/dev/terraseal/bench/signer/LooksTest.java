package dev.terraseal.bench.signer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LooksTest {
    /** Two transactions of three, each with its marker behind it. */
    private static final long[] OFFSETS = {0, 1, 2, 4, 5, 6};

    @Test
    void markersAreNotCountedAndLooksBeforeTheFirstThatCountsAndAfterTheLastDoNotMatter() {
        Looks looks = new Looks();
        looks.add(1_000_000_000L, 0);
        looks.add(2_000_000_000L, 4);
        looks.add(3_000_000_000L, 4);
        looks.add(4_000_000_000L, 8);
        looks.add(9_000_000_000L, 8);
        assertThat(looks.rate(OFFSETS, 0)).isEqualTo(1.5);
        assertThat(looks.rate(OFFSETS, 2)).isEqualTo(1.5);
    }

    @Test
    void whereOneLookSawAllOfThemTheOneBeforeItIsTheBegin() {
        Looks looks = new Looks();
        looks.add(1_000_000_000L, 0);
        looks.add(3_000_000_000L, 8);
        assertThat(looks.rate(OFFSETS, 2)).isEqualTo(3.0);
        Looks late = new Looks();
        late.add(1_000_000_000L, 8);
        assertThatThrownBy(() -> late.rate(OFFSETS, 2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("take more");
    }
}
