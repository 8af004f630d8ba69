package dev.terraseal.ingest.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.testkit.log.LogFixture;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LogTailTest {
    private static final Duration AT_ONCE = Duration.ZERO;

    private final LogFixture log = new LogFixture("test/tail");
    private final LogTail tail = new LogTail(0, false);

    private AttestationRecord record(int index) {
        return Attested.entry(log, index);
    }

    @Test
    void anEntryIsThereOnceItWentByAndCountsForTheNextHeads() throws Exception {
        log.apply("a", 1, 2).heads().apply("a", 2, 3);
        assertThat(tail.awaitReadable(0, AT_ONCE)).isFalse();
        tail.entry(record(0));
        assertThat(tail.awaitReadable(0, AT_ONCE)).isTrue();
        assertThat(tail.size()).isEqualTo(1);
        assertThat(tail.entriesSinceHeads()).isTrue();
        assertThat(tail.awaitHeads(0, AT_ONCE)).isEmpty();
        tail.entry(record(1));
        assertThat(tail.entriesSinceHeads()).isFalse();
        assertThat(tail.awaitHeads(0, AT_ONCE)).contains(new SequenceNumber(1));
        tail.entry(record(2));
        assertThat(tail.entriesSinceHeads()).isTrue();
        assertThat(tail.awaitHeads(2, AT_ONCE)).isEmpty();
    }

    @Test
    void theCheckpointNeverGoesBack() throws Exception {
        log.apply("a", 1, 2).apply("a", 2, 3);
        tail.checkpoint(log.checkpoint(2), 2);
        tail.checkpoint(log.checkpoint(1), 1);
        assertThat(tail.checkpointSize()).isEqualTo(2);
        assertThat(tail.checkpoint()).contains(log.checkpoint(2));
        assertThat(tail.awaitCheckpoint(1, AT_ONCE)).isTrue();
        assertThat(tail.awaitCheckpoint(2, AT_ONCE)).isFalse();
    }

    @Test
    void theOldestEntriesLeaveWhenWhatIsHeldWouldBeMoreThanItsShareOfMemory() throws Exception {
        for (int i = 0; i < 8; i++) {
            log.apply("a", i, i + 1);
            tail.entry(Attested.large(log, i));
        }
        assertThat(tail.size()).isEqualTo(8);
        assertThat(tail.entry(new SequenceNumber(4)))
                .as("three and their signatures fit")
                .isEmpty();
        assertThat(tail.entry(new SequenceNumber(5))).isPresent();
        assertThat(tail.awaitReadable(4, AT_ONCE)).isFalse();
        tail.entry(Attested.large(log, 7));
        assertThat(tail.entry(new SequenceNumber(5)))
                .as("the same entry again takes no more")
                .isPresent();
        tail.checkpoint(log.checkpoint(5), 5);
        assertThat(tail.awaitReadable(4, AT_ONCE)).isTrue();
        for (int i = 8; i < 16; i++) {
            log.apply("a", i, i + 1);
            tail.entry(record(i));
        }
        assertThat(tail.entry(new SequenceNumber(6)))
                .as("what left is not counted")
                .isPresent();
    }

    @Test
    void aTailThatBeginsAfterEntriesWithoutHeadsSaysThatOneIsDue() {
        assertThat(new LogTail(5, true).entriesSinceHeads()).isTrue();
        assertThat(new LogTail(5, false).size()).isEqualTo(5);
    }
}
