package dev.terraseal.sequencer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SequencerConfigTest {
    private static Duration longest(Duration interval) {
        SequencerConfig config = new SequencerConfig(
                new KafkaConnection("broker:9092", Map.of()),
                SequencerConfig.APPLICATION,
                "0",
                Path.of("state"),
                List.of(new LogFixture().declaration),
                List.of(0L),
                1,
                1,
                interval,
                SequencerTopics.STANDARD);
        return config.longestCommitInterval();
    }

    @Test
    void transactionsGrowWhileEventsPileUpAndStayBelowWhatOneMayTake() {
        assertThat(longest(Duration.ofMillis(20))).isEqualTo(Duration.ofMillis(100));
        assertThat(longest(Duration.ofMillis(500))).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void whoAsksForLongerOnesHasThemAlways() {
        assertThat(longest(Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void anIntervalThatATransactionCannotHaveIsRefused() {
        for (String wrong : List.of("0ms", "6s")) {
            Settings settings = Settings.of(Map.of("sequencer.commit-interval", wrong));
            assertThat(SequencerConfig.from(settings).commitInterval()).isEqualTo(SequencerConfig.COMMIT_INTERVAL);
            assertThatThrownBy(settings::done)
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("sequencer.commit-interval is ")
                    .hasMessageContaining("can be 1ms to 5s");
        }
    }
}
