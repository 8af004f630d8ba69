package dev.terraseal.sequencer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.kafka.KafkaUnavailableException;
import dev.terraseal.kafka.Lag;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LagWatchTest {
    private static Lag lag(int partition, long next, long end) {
        return new Lag(new TopicPartition("terraseal.events", partition), next, end);
    }

    @Test
    void theLogThatIsFurthestBehindIsToldAndSilenceIsNotWellness() {
        AtomicReference<List<Lag>> found = new AtomicReference<>(List.of());
        try (LagWatch watch = new LagWatch(() -> {
            List<Lag> lags = found.get();
            if (lags == null) {
                throw new KafkaUnavailableException("silent");
            }
            return lags;
        })) {
            assertThat(watch.behind()).isEqualTo(-1);
            watch.lookOnce();
            assertThat(watch.behind()).as("nothing committed").isEqualTo(-1);
            found.set(List.of(lag(0, 10, 10), lag(1, 3, 10)));
            watch.lookOnce();
            assertThat(watch.behind()).isEqualTo(7);
            found.set(null);
            watch.lookOnce();
            assertThat(watch.behind()).isEqualTo(-1);
        }
    }
}
