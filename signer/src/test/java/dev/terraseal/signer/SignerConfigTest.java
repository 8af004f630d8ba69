package dev.terraseal.signer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.keys.KeyLocator;
import dev.terraseal.settings.Settings;
import dev.terraseal.store.StoreSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SignerConfigTest {
    private static final String ARN = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    @Test
    void defaultsAreALocalKeyAndLogZero() throws Exception {
        Settings settings = Settings.of(Map.of("kafka.bootstrap", "127.0.0.1:9092"));
        SignerConfig config = SignerConfig.from(settings);
        settings.done();
        assertThat(config.kafka().bootstrap()).isEqualTo("127.0.0.1:9092");
        assertThat(config.partition()).isZero();
        assertThat(config.declaration()).isEqualTo(Path.of("log.json"));
        assertThat(config.keys()).isEqualTo(Path.of("keys"));
        assertThat(config.places()).containsExactly(new KeyLocator.Local());
        assertThat(config.keyEvents()).isNull();
        assertThat(config.calls()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(config.floor()).isNull();
        assertThat(config.kms().endpoint()).isNull();
        assertThat(config.signing()).isEqualTo(SigningForm.each());
        assertThat(config.archive()).isNull();
    }

    @Test
    void batchesNeedAnArchiveToKeepThem() throws Exception {
        Map<String, String> given = new HashMap<>(Map.of(
                "kafka.bootstrap", "k:9092",
                "signer.signing", "auto",
                "signer.quota", "300",
                "signer.batch-entries", "512",
                "signer.batch-wait", "200ms"));
        Settings without = Settings.of(given);
        SignerConfig.from(without);
        assertThatThrownBy(without::done).hasMessageContaining("archive").hasMessageContaining("missing");
        given.put("archive", "/d/archive");
        Settings settings = Settings.of(given);
        SignerConfig config = SignerConfig.from(settings);
        settings.done();
        assertThat(config.signing())
                .isEqualTo(new SigningForm(SigningForm.Mode.AUTO, 300, 512, Duration.ofMillis(200)));
        assertThat(config.archive()).isEqualTo(StoreSettings.inDirectory(Path.of("/d/archive")));
    }

    @Test
    void aKeyAtKmsHasManyCallsInFlight() throws Exception {
        Settings settings = Settings.of(Map.of("kafka.bootstrap", "127.0.0.1:9092", "signer.key", "awskms://" + ARN));
        SignerConfig config = SignerConfig.from(settings);
        settings.done();
        assertThat(config.calls()).isEqualTo(64);
        assertThat(config.kms().callsInFlight()).isEqualTo(64);
        assertThat(config.kms().callTimeout()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void everySettingIsRead() throws Exception {
        Map<String, String> given = new HashMap<>(Map.of(
                "kafka.client.security.protocol", "SSL",
                "kafka.logs", "4",
                "log.partition", "3",
                "log.declaration", "/d/log.json",
                "keys.directory", "/d/keys",
                "signer.key", "awskms://" + ARN,
                "signer.calls", "7",
                "signer.floor", "/d/floor",
                "kms.endpoint", "https://vpce.example",
                "kms.timeout", "2s"));
        given.put("kafka.bootstrap", "k:9092");
        Settings settings = Settings.of(given);
        SignerConfig config = SignerConfig.from(settings);
        settings.done();
        assertThat(config.kafka().client()).containsEntry("security.protocol", "SSL");
        assertThat(config.partition()).isEqualTo(3);
        assertThat(config.logs()).isEqualTo(4);
        assertThat(config.declaration()).isEqualTo(Path.of("/d/log.json"));
        assertThat(config.keys()).isEqualTo(Path.of("/d/keys"));
        assertThat(config.places()).containsExactly(new KeyLocator.AwsKms(ARN, "eu-central-1"));
        assertThat(config.calls()).isEqualTo(7);
        assertThat(config.floor()).isEqualTo(Path.of("/d/floor"));
        assertThat(config.kms().endpoint()).isEqualTo(URI.create("https://vpce.example"));
        assertThat(config.kms().callTimeout()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aPartitionBeyondTheLogsSaysWhichSettingCountsThem() {
        Settings settings = Settings.of(Map.of("kafka.bootstrap", "k:9092", "log.partition", "1"));
        SignerConfig.from(settings);
        assertThatThrownBy(settings::done).hasMessageContaining("log.partition").hasMessageContaining("kafka.logs");
    }

    @Test
    void everythingWrongIsSaidAtOnce() {
        Settings settings = Settings.of(Map.of(
                "kafka.client.acks",
                "1",
                "signer.key",
                "gcpkms://x",
                "signer.calls",
                "0",
                "signer.colour",
                "red",
                "signer.signing",
                "sometimes",
                "signer.quota",
                "0",
                "signer.batch-entries",
                "65537",
                "signer.batch-wait",
                "2m"));
        SignerConfig.from(settings);
        assertThatThrownBy(settings::done)
                .hasMessageContaining("kafka.bootstrap")
                .hasMessageContaining("kafka.client.acks")
                .hasMessageContaining("signer.key")
                .hasMessageContaining("signer.calls")
                .hasMessageContaining("is 'sometimes', and can be each, batch or auto")
                .hasMessageContaining("signer.quota")
                .hasMessageContaining("signer.batch-entries")
                .hasMessageContaining("signer.batch-wait")
                .hasMessageContaining("signer.colour");
    }
}
