package dev.terraseal.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimesTest {
    @Test
    void anEventOfTheStackItselfIsNotCounted() {
        Times times = new Times(3);
        times.accepted(0, 1_000_000);
        times.attested(0, 0, 3_000_000);
        times.attested(1, 1, 4_000_000);
        times.accepted(2, 2_000_000);
        times.attested(2, 2, 7_000_000);
        times.checkpoint(3, 9_000_000);
        assertThat(times.isOfTheLoad(1)).isFalse();
        assertThat(times.millis(0, 3, false)).containsExactly(2, 5);
        assertThat(times.millis(0, 3, true)).containsExactly(7, 8);
    }
}
