package dev.terraseal.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaConnectionTest {
    @Test
    void securitySettingsPassThrough() {
        KafkaConnection connection = KafkaConnection.from(Settings.of(Map.of(
                "kafka.bootstrap", "broker:9093",
                "kafka.client.security.protocol", "SASL_SSL",
                "kafka.client.sasl.jaas.config", "… password=\"hunter2\";",
                "kafka.client.ssl.truststore.location", "/etc/ca.p12",
                "sequencer.commit.interval", "20ms")));
        assertThat(connection.clientSettings("signer"))
                .containsOnly(
                        Map.entry("bootstrap.servers", "broker:9093"),
                        Map.entry("client.id", "signer"),
                        Map.entry("security.protocol", "SASL_SSL"),
                        Map.entry("sasl.jaas.config", "… password=\"hunter2\";"),
                        Map.entry("ssl.truststore.location", "/etc/ca.p12"));
        assertThat(connection.toString()).contains("sasl.jaas.config").doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "acks",
                "enable.idempotence",
                "isolation.level",
                "transactional.id",
                "auto.offset.reset",
                "bootstrap.servers",
                "group.id"
            })
    void whatSafetyDependsOnCannotBeSet(String name) {
        assertThatThrownBy(() -> new KafkaConnection("broker:9092", Map.of(name, "0")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("kafka.client." + name + ": not a setting here");
    }

    @Test
    void aSettingThatKafkaDoesNotKnowIsRefusedAndNotPassedOver() {
        assertThatThrownBy(() -> new KafkaConnection("broker:9092", Map.of("sasl.mechansim", "PLAIN")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("kafka.client.sasl.mechansim: Kafka's clients know no such setting");
        assertThat(new KafkaConnection("broker:9092", Map.of("reconnect.backoff.max.ms", "5000")).client())
                .hasSize(1);
    }

    @Test
    void whatKafkaCallsAPasswordIsNotShown() throws SettingsException {
        Settings settings = Settings.of(Map.of(
                "kafka.bootstrap", "broker:9093",
                "kafka.client.security.protocol", "SSL",
                "kafka.client.ssl.keystore.type", "PEM",
                "kafka.client.ssl.keystore.key", "-----BEGIN PRIVATE KEY----- hunter2",
                "kafka.client.ssl.keystore.certificate.chain", "-----BEGIN CERTIFICATE----- hunter2"));
        KafkaConnection.from(settings);
        settings.done();
        assertThat(settings.effective())
                .contains("kafka.client.security.protocol=SSL", "kafka.client.ssl.keystore.key=<redacted>")
                .doesNotContain("hunter2");
    }

    @Test
    void whatIsMissingAndWhatIsNotTakenIsSaidTogether() {
        Settings settings = Settings.of(Map.of("kafka.client.acks", "0"));
        assertThat(KafkaConnection.from(settings).client()).isEmpty();
        assertThatThrownBy(settings::done)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("kafka.bootstrap is missing")
                .hasMessageContaining("kafka.client.acks: not a setting here");
    }

    @Test
    void theClientsSettingsAreOnesKafkaKnows() {
        Map<String, Object> base = new HashMap<>(Map.of("bootstrap.servers", "broker:9092", "client.id", "test"));
        Set<String> consumer = ConsumerConfig.configNames();
        Set<String> producer = ProducerConfig.configNames();
        assertThat(consumer).containsAll(ClientSettings.consumer(base).keySet());
        assertThat(consumer).containsAll(ClientSettings.seekingConsumer(base).keySet());
        assertThat(producer).containsAll(ClientSettings.producer(base).keySet());
        assertThat(producer)
                .containsAll(ClientSettings.transactional(base, "id").keySet());
    }

    @Test
    void evidenceIsWrittenToAllAndReadCommitted() {
        assertThat(ClientSettings.consumer(Map.of()))
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("auto.offset.reset", "none");
        assertThat(ClientSettings.producer(Map.of()))
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", true);
        assertThat(ClientSettings.transactional(Map.of(), "id"))
                .containsEntry("acks", "all")
                .containsEntry("transactional.id", "id");
    }
}
