package dev.terraseal.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SustainedTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int RATE = 300;
    private static final int SECONDS = 9;

    /** Events in an even pace; a checkpoint at the end of each second covers the first {@code covered[second]}. */
    private static Sustained found(int... covered) {
        Times times = new Times(RATE * SECONDS);
        for (int i = 0; i < RATE * SECONDS; i++) {
            times.accepted(i, 1 + i * SECOND / RATE);
            times.attested(i, i, 2 + i * SECOND / RATE);
        }
        for (int second = 0; second < covered.length; second++) {
            times.checkpoint(covered[second], (second + 1) * SECOND - 1);
        }
        return Sustained.of(times, new Load.Sent(0, RATE * SECONDS, 0), RATE, 0, SECONDS * SECOND);
    }

    @Test
    void whatComesIsSustainedWhereEachSecondCoversIt() {
        Sustained found = found(300, 600, 900, 1_200, 1_500, 1_800, 2_100, 2_400, 2_700);
        assertThat(found.accepted()).isEqualTo(300.0);
        assertThat(found.covered()).isEqualTo(300.0);
        assertThat(found.behindAtEnd()).isZero();
        assertThat(found.holds()).isTrue();
        assertThat(found.words()).startsWith("sustained;");
    }

    /** Two of three seconds are at the offered rate, so the median second is. */
    @Test
    void aStackThatStandsStillInEveryThirdSecondIsNotSaidToSustainWhatIsOffered() {
        Sustained found = found(300, 600, 600, 900, 1_200, 1_200, 1_500, 1_800, 1_800);
        assertThat(found.covered()).isEqualTo(200.0);
        assertThat(found.behindAtBegin()).isZero();
        assertThat(found.behindAtEnd()).isEqualTo(900);
        assertThat(found.holds()).isFalse();
        assertThat(found.words()).startsWith("not sustained;").contains("900 at the end");
    }

    @Test
    void oneThatMakesUpForItInTheNextSecondKeepsUp() {
        Sustained found = found(300, 600, 600, 1_200, 1_500, 1_500, 2_100, 2_400, 2_700);
        assertThat(found.covered()).isEqualTo(300.0);
        assertThat(found.holds()).isTrue();
    }

    @Test
    void aBacklogFromBeforeIsNotHeldAgainstItAndWhatIsNeverCoveredIs() {
        Times times = new Times(600);
        for (int i = 0; i < 600; i++) {
            times.accepted(i, 1 + i * SECOND / 300);
            if (i < 400) {
                times.attested(i, i, 2 + i * SECOND / 300);
            }
        }
        times.checkpoint(400, 2 * SECOND - 1);
        Sustained found = Sustained.of(times, new Load.Sent(0, 600, 0), 300, SECOND, 2 * SECOND);
        assertThat(found.accepted()).isEqualTo(300.0);
        assertThat(found.covered()).isEqualTo(400.0);
        assertThat(found.behindAtBegin()).isEqualTo(300);
        assertThat(found.behindAtEnd()).isEqualTo(200);
        assertThat(found.holds()).isTrue();
    }

    /** What is not taken is under no checkpoint either. */
    @Test
    void aStackThatTakesHalfOfWhatIsOfferedDoesNotSustainIt() {
        Times times = new Times(600);
        for (int i = 0; i < 600; i++) {
            times.accepted(i, 1 + i * SECOND / 150);
            times.attested(i, i, 2 + i * SECOND / 150);
        }
        for (int second = 1; second <= 4; second++) {
            times.checkpoint(second * 150, second * SECOND - 1);
        }
        Sustained found = Sustained.of(times, new Load.Sent(0, 600, 0), 300, 0, 2 * SECOND);
        assertThat(found.accepted()).isEqualTo(150.0);
        assertThat(found.covered()).isEqualTo(150.0);
        assertThat(found.behindAtEnd()).isEqualTo(300);
        assertThat(found.holds()).isFalse();
    }
}
