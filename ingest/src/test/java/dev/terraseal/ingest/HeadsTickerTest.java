package dev.terraseal.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.ingest.follow.LogTail;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeadsTickerTest {
    private static final Duration HEARTBEAT = Duration.ofMinutes(10);

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final AtomicReference<Throwable> fatal = new AtomicReference<>();
    private Bytes tick = Bytes.utf8("tick");
    private Instant now = Instant.parse("2026-11-22T01:00:00Z");
    private final HeadsTicker ticker = new HeadsTicker(
            new EventSender(producer, 0), this::framed, new LogTail(5, true), HEARTBEAT, () -> now, fatal::set);

    private Bytes framed() {
        if (tick.isEmpty()) {
            throw new StackOverflowError("planted");
        }
        return tick;
    }

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
    void anErrorThatEndsTheTickingStopsTheService() {
        tick = Bytes.EMPTY;
        after(Duration.ofSeconds(1));
        assertThatThrownBy(() -> after(HEARTBEAT)).isInstanceOf(StackOverflowError.class);
        assertThat(fatal.get()).isInstanceOf(StackOverflowError.class);
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
