package dev.terraseal.archiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.archiver.topic.SignedEntries;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.schemas.AttestationRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An archive of ten entries before a stream from which five came. */
class StreamBehindTest {
    private static final Duration TURN = Duration.ofMillis(200);

    private final Stream stream = new Stream();
    private Instant now = Instant.parse("2026-11-29T12:00:00Z");
    private final StreamBehind behind = new StreamBehind(stream, Duration.ofSeconds(60), 5, now);

    /** A stream that says where it ends, or nothing. */
    private static final class Stream implements SignedEntries {
        private long newest = 4;
        private boolean silent;
        private int asked;

        @Override
        public Optional<Extent> extent() {
            asked++;
            return Optional.of(new Extent(SequenceNumber.ZERO, new SequenceNumber(newest)));
        }

        @Override
        public Optional<String> mayReach(SequenceNumber sequence) {
            return silent ? Optional.of("Kafka does not answer") : SignedEntries.super.mayReach(sequence);
        }

        @Override
        public void seek(SequenceNumber sequence) {}

        @Override
        public List<AttestationRecord> poll(Duration atMost) {
            return List.of();
        }

        @Override
        public long behind() {
            return 0;
        }

        @Override
        public void close() {}
    }

    private String turns(Duration time, long next) {
        String waits = behind.waitsFor(next, 10, now);
        for (Instant end = now.plus(time); now.isBefore(end); ) {
            now = now.plus(TURN);
            waits = behind.waitsFor(next, 10, now);
        }
        return waits;
    }

    @Test
    void aStreamThatEndsThereAndGivesNothingForLongIsLost() {
        assertThat(turns(Duration.ofSeconds(60), 5)).contains("ends before entry 5", "entries up to 9");
        assertThat(stream.asked).as("not asked before").isZero();
        assertThatThrownBy(() -> turns(TURN, 5))
                .isInstanceOf(ArchiverStoppedException.class)
                .hasMessageContainingAll("the topics were lost", "60 s", "terraseal log resume");
    }

    @Test
    void neitherAClockThatJumpsNorAMachineThatSleepsCounts() {
        turns(Duration.ofSeconds(50), 5);
        now = now.plusSeconds(86_400);
        turns(Duration.ofSeconds(5), 5);
        now = now.minusSeconds(7_200);
        assertThat(turns(Duration.ofSeconds(3), 5)).contains("ends before entry 5");
        assertThatThrownBy(() -> turns(Duration.ofSeconds(3), 5)).hasMessageContaining("the topics were lost");
    }

    @Test
    void aStreamThatMovesIsWaitedForUntilItReachesTheArchive() {
        for (long next = 5; next < 10; next++) {
            assertThat(turns(Duration.ofSeconds(50), next)).contains("ends before entry " + next);
        }
        assertThat(behind.waitsFor(10, 10, now)).isNull();
        assertThat(turns(Duration.ofHours(1), 10)).isNull();
        assertThat(stream.asked).isZero();
    }

    @Test
    void aKafkaThatDoesNotAnswerHasLostNothing() {
        stream.silent = true;
        assertThat(turns(Duration.ofHours(1), 5)).contains("ends before entry 5", "Kafka does not answer");
        stream.silent = false;
        stream.newest = 7;
        assertThat(turns(Duration.ofSeconds(70), 5)).contains("asked, it holds entries up to 7");
        assertThat(turns(TURN, 8)).doesNotContain("asked");
        assertThatThrownBy(() -> turns(Duration.ofSeconds(70), 8)).hasMessageContaining("the topics were lost");
    }
}
