package dev.terraseal.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.ingest.follow.LogTail;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeadsTickerTest {
    private static final Duration HEARTBEAT = Duration.ofMinutes(10);

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private Instant now = Instant.parse("2026-11-22T01:00:00Z");
    private final HeadsTicker ticker = new HeadsTicker(
            new EventSender(producer, 0), () -> Bytes.utf8("tick"), new LogTail(5, true), HEARTBEAT, () -> now);

    @AfterEach
    void close() {
        ticker.close();
    }

    private void after(Duration step) {
        now = now.plus(step);
        ticker.check();
    }

    @Test
    void aHeadsEntryIsAskedForAHeartbeatAfterTheFirstEntryAndAgainAHeartbeatLater() {
        after(Duration.ofSeconds(1));
        after(HEARTBEAT.minusSeconds(10));
        assertThat(producer.history()).isEmpty();
        after(Duration.ofSeconds(8));
        assertThat(producer.history()).hasSize(1);
        after(HEARTBEAT.minusSeconds(10));
        assertThat(producer.history()).hasSize(1);
        after(Duration.ofSeconds(8));
        assertThat(producer.history()).hasSize(2);
    }

    @Test
    void aClockThatIsSetBackHoldsNoHeadsEntryUp() {
        after(Duration.ofSeconds(1));
        after(Duration.ofMinutes(5));
        after(Duration.ofHours(-1));
        assertThat(producer.history()).isEmpty();
        after(Duration.ofMinutes(5));
        assertThat(producer.history()).hasSize(1);
    }
}
