package dev.terraseal.sequencer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void copiesInSyncAndTheNumberOfLogsAreHeldToWhatIsThere(@TempDir Path directory) throws Exception {
        Path log = Files.write(
                directory.resolve("log.json"),
                new LogFixture().declaration.bytes().toByteArray());
        Settings settings = Settings.of(Map.of(
                "log.files", log.toString(), "kafka.logs", "2", "kafka.replication", "1", "kafka.bootstrap", "k:1"));
        assertThat(SequencerConfig.from(settings).minInsync()).isEqualTo(1);
        assertThatThrownBy(settings::done)
                .hasMessageContaining("kafka.min-insync is 2, and with kafka.replication 1 ")
                .hasMessageContaining("kafka.logs is 2, and log.files names 1;");
        Settings right = Settings.of(Map.of("log.files", log.toString(), "kafka.logs", "1", "kafka.bootstrap", "k:1"));
        SequencerConfig.from(right);
        right.done();
    }

    @Test
    void aFileThatIsNotThereIsSaidToBeNotThere() {
        Settings settings = Settings.of(Map.of("log.files", "none.json"));
        SequencerConfig.from(settings);
        assertThatThrownBy(settings::done).hasMessageContaining("(none.json is not there)");
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
