package dev.terraseal.sequencer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.kafka.KafkaUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class StallsTest {
    private Instant now = Instant.parse("2026-11-29T12:00:00Z");
    private final Stalls stalls = new Stalls(() -> now);

    @Test
    void onlyWhatCameTooLateIsPassing() {
        assertThat(stalls.another(new StreamsException("commit", new TimeoutException("9 s"))))
                .isTrue();
        assertThat(stalls.another(new StreamsException(
                        "commit", new KafkaException("error state", new TransactionAbortableException("retries")))))
                .isTrue();
        assertThat(stalls.another(new StreamsException("commit", new InvalidTxnStateException("given up meanwhile"))))
                .isTrue();
        // Our own questions at a task's start, whose cause is the JDK's time-out.
        KafkaUnavailableException silent =
                new KafkaUnavailableException("no answer", new java.util.concurrent.TimeoutException());
        assertThat(stalls.another(new StreamsException("init", silent))).isTrue();
        assertThat(stalls.another(new StreamsException("send", new RecordTooLargeException("2 MB"))))
                .isFalse();
        assertThat(stalls.another(new IllegalStateException("a bug"))).isFalse();
    }

    @Test
    void batchesThatExpiredUnacknowledgedAreKnownByTheWordsKafkaUses() throws IOException {
        KafkaException expired =
                new KafkaException(Stalls.EXPIRED_UNACKNOWLEDGED + " for some previously sent messages and …");
        assertThat(stalls.another(new StreamsException("commit", expired))).isTrue();
        assertThat(stalls.another(new KafkaException((String) null))).isFalse();
        String producer = "/org/apache/kafka/clients/producer/internals/TransactionManager.class";
        try (InputStream code = KafkaException.class.getResourceAsStream(producer)) {
            assertThat(new String(code.readAllBytes(), StandardCharsets.ISO_8859_1))
                    .as("the words in the Kafka on the class path")
                    .contains(Stalls.EXPIRED_UNACKNOWLEDGED);
        }
    }

    @Test
    void tooManyWithinALittleWhileAreNot() {
        for (int i = 0; i < Stalls.MOST; i++) {
            assertThat(stalls.another(new TimeoutException("late"))).isTrue();
            now = now.plusSeconds(1);
        }
        assertThat(stalls.another(new TimeoutException("late"))).isFalse();
        now = now.plus(Stalls.WITHIN).plusSeconds(1);
        assertThat(stalls.another(new TimeoutException("late"))).isTrue();
    }
}
