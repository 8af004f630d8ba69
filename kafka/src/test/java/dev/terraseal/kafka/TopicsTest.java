package dev.terraseal.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicsTest {
    @Test
    void aClustersTopicsAreReadOfTheSettings() throws SettingsException {
        Settings settings = Settings.of(Map.of("kafka.logs", "2000", "kafka.replication", "5"));
        assertThat(Topics.from(settings)).isEqualTo(new Topics(2000, 5, 2, false));
        settings.done();
    }

    @Test
    void moreCopiesInSyncThanThereAreIsAProblemAndNoBreakdown() {
        Settings settings = Settings.of(Map.of("kafka.replication", "1"));
        assertThat(Topics.from(settings).replication()).isEqualTo(1);
        assertThat(settings.problems())
                .singleElement()
                .asString()
                .startsWith("kafka.min-insync is 2, and with kafka.replication 1 ");
    }
}
