package dev.terraseal.ingest.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.kafka.Topics;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.testkit.log.LogFixture;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class CheckpointsGoingByTest {
    private static final String ORIGIN = "test/going-by";

    private final LogFixture log = new LogFixture(ORIGIN)
            .apply("a", 1, 2)
            .rotateLogKey()
            .apply("a", 2, 3)
            .apply("a", 3, 4);
    private final LogTail tail = new LogTail(0, false);
    private final CheckpointsGoingBy checkpoints =
            new CheckpointsGoingBy(new OwnCheckpoints(log.log(), List.of(), new SignatureChecker(null)), tail);
    private long offset;

    private void take(Bytes bytes) {
        checkpoints.take(new ConsumerRecord<>(Topics.CHECKPOINTS, 0, offset++, null, bytes.toByteArray()));
    }

    private void take(SignedNote note) {
        take(note.bytes());
    }

    private void entry(int index) {
        AttestationRecord entry = Attested.entry(log, index);
        if (entry.stream().equals(StreamId.KEYS)) {
            checkpoints.keyEvent(entry.statement());
        }
        tail.entry(entry);
        checkpoints.caughtUp();
    }

    @Test
    void aNoteThatIsAheadOfTheEntriesWaitsForTheKeyEventsBelowIt() {
        take(log.checkpoint(3));
        take(log.checkpoint(1));
        assertThat(tail.checkpoint()).isEmpty();
        entry(0);
        assertThat(tail.checkpoint()).contains(log.checkpoint(1));
        entry(1);
        assertThat(tail.checkpointSize()).isEqualTo(1);
        entry(2);
        assertThat(tail.checkpoint())
                .as("signed by the key that entry 1 brought")
                .contains(log.checkpoint(3));
    }

    @Test
    void whatIsNotTheLogsIsPassedOver() {
        LogFixture forger = new LogFixture(ORIGIN);
        for (int i = 0; i < 8; i++) {
            forger.apply("a", i, i + 1);
        }
        entry(0);
        take(Bytes.utf8("garbage"));
        take(Bytes.EMPTY);
        checkpoints.take(new ConsumerRecord<>(Topics.CHECKPOINTS, 0, offset++, null, null));
        take(forger.checkpoint(1));
        take(forger.checkpoint(8));
        assertThat(tail.checkpoint()).isEmpty();
        take(log.checkpoint(1));
        assertThat(tail.checkpoint()).contains(log.checkpoint(1));
        take(forger.checkpoint(2));
        take(log.checkpoint(2));
        take(forger.checkpoint(2));
        entry(1);
        assertThat(tail.checkpoint()).contains(log.checkpoint(2));
        take(log.checkpoint(1));
        assertThat(tail.checkpointSize()).as("a true one of earlier").isEqualTo(2);
    }

    @Test
    void notesThatAreFarAheadMakeNoRoomForThemselves() {
        LogFixture forger =
                new LogFixture(ORIGIN).apply("a", 1, 2).apply("a", 2, 3).apply("a", 3, 4);
        take(log.checkpoint(2));
        SignedNote far = forger.checkpoint(3);
        for (int i = 0; i < 2 * CheckpointsGoingBy.AHEAD_MAX; i++) {
            take(far);
        }
        entry(0);
        entry(1);
        assertThat(tail.checkpoint()).contains(log.checkpoint(2));
    }
}
