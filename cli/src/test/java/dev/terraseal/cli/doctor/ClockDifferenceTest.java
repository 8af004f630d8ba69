package dev.terraseal.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ClockDifferenceTest {
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00.400Z");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static Report reported(Duration ahead) {
        // The other clock shows whole seconds, and its answer takes 200 ms.
        Instant other = Instant.ofEpochSecond(NOW.minus(ahead).getEpochSecond());
        Report report = new Report();
        ClockDifference.of(NOW.minusMillis(100), other, SECOND, NOW.plusMillis(100))
                .report("the archive's service", report);
        return report;
    }

    @Test
    void whatOneClockSaysBoundsTheDifference() {
        ClockDifference difference =
                ClockDifference.of(NOW, Instant.parse("2026-11-29T12:00:00Z"), SECOND, NOW.plusMillis(200));
        // Between 12:00:00.000 and .999 there, between .400 and .600 here.
        assertThat(difference.ahead()).isEqualTo(Duration.ofMillis(0));
        assertThat(difference.within()).isEqualTo(Duration.ofMillis(600));
    }

    @Test
    void onlyWhatIsCertainlyTooFarIsToBeMended() {
        assertThat(reported(Duration.ZERO).code()).isZero();
        assertThat(reported(Duration.ofSeconds(29)).code()).isZero();
        assertThat(reported(Duration.ofSeconds(-29)).code()).isZero();
        assertThat(reported(Duration.ofSeconds(32)).code()).isEqualTo(2);
        assertThat(reported(Duration.ofSeconds(-32)).lines().get(0))
                .startsWith("MEND   clock: this machine's clock is 3")
                .contains(" ms behind the archive's service (within 600 ms; up to 30 s is well)", "NTP");
        assertThat(reported(Duration.ofSeconds(32)).lines().get(0)).contains(" ms ahead of the archive's service");
    }
}
