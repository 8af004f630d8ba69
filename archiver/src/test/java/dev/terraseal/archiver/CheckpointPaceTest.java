package dev.terraseal.archiver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CheckpointPaceTest {
    private static final Instant START = Instant.parse("2026-11-30T00:00:00Z");

    private final CheckpointPace pace = new CheckpointPace(Duration.ofMillis(200));

    private static Instant at(long millis) {
        return START.plusMillis(millis);
    }

    private void wrote(long from, long to) {
        pace.begin(at(from));
        pace.end(at(to));
    }

    @Test
    void theFirstIsDueAtOnce() {
        assertThat(pace.isDue(at(0))).isTrue();
        assertThat(pace.untilDue(at(0))).isZero();
    }

    @Test
    void theNextIsDueAnIntervalAfterTheLastBegan() {
        wrote(0, 30);
        assertThat(pace.isDue(at(199))).isFalse();
        assertThat(pace.untilDue(at(150))).isEqualTo(Duration.ofMillis(50));
        assertThat(pace.isDue(at(200))).isTrue();
        wrote(320, 330);
        assertThat(pace.isDue(at(519))).isFalse();
        assertThat(pace.isDue(at(520))).isTrue();
    }

    @Test
    void aStoreThatTakesLongerLeavesAQuarterOfItToRead() {
        wrote(0, 900);
        assertThat(pace.untilDue(at(900))).isEqualTo(Duration.ofMillis(50));
        assertThat(pace.isDue(at(949))).isFalse();
        assertThat(pace.isDue(at(950))).isTrue();
    }

    @Test
    void aClockThatIsSetBackHoldsNothingUp() {
        wrote(1_000, 1_010);
        assertThat(pace.isDue(at(1_009))).isTrue();
        assertThat(pace.isDue(at(-3_600_000))).isTrue();
    }

    @Test
    void norAClockThatIsSetBackWhileTheyAreWritten() {
        wrote(3_600_000, 10);
        assertThat(pace.untilDue(at(10))).isEqualTo(Duration.ofMillis(200));
        assertThat(pace.isDue(at(210))).isTrue();
    }
}
