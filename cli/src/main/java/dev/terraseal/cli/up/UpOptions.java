package dev.terraseal.cli.up;

import dev.terraseal.archiver.time.TimeSettings;
import dev.terraseal.archiver.witness.WitnessSettings;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.ingest.IngestConfig;
import dev.terraseal.keys.KeyLocator;
import dev.terraseal.keys.kms.KmsConnection;
import dev.terraseal.settings.Settings;
import dev.terraseal.signer.SigningForm;
import dev.terraseal.store.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code up} was told.
 *
 * @param origin only for the birth of a log; on existing data another one stops
 * @param attestKeys one place, and around a rotation two
 * @param logKeys likewise
 * @param signingCalls statements signed at a time
 * @param signing each statement, or batches
 * @param witnesses who is asked to cosign checkpoints
 */
public record UpOptions(
        Path data,
        int kafkaPort,
        Optional<LogOrigin> origin,
        IngestConfig http,
        StoreSettings archive,
        List<KeyLocator> attestKeys,
        List<KeyLocator> logKeys,
        KmsConnection kms,
        int signingCalls,
        SigningForm signing,
        Duration checkpointInterval,
        Optional<WitnessSettings> witnesses,
        TimeSettings time) {

    /** Calls to KMS at a time: at 20 ms each, three times a quota of 1,000 a second. */
    private static final int KMS_CALLS = 64;

    public static UpOptions from(Settings settings, Path data, int kafkaPort, @Nullable String origin) {
        StoreSettings archive = StoreSettings.from(settings);
        List<KeyLocator> attest = keys(settings, "signer.key");
        List<KeyLocator> log = keys(settings, "archiver.key");
        boolean kms = attest.stream().anyMatch(KeyLocator.AwsKms.class::isInstance);
        int calls = kms ? KMS_CALLS : Runtime.getRuntime().availableProcessors();
        return new UpOptions(
                data.toAbsolutePath().normalize(),
                kafkaPort,
                origin(settings, origin),
                IngestConfig.from(settings),
                archive,
                attest,
                log,
                new KmsConnection(settings.uri("kms.endpoint").orElse(null), calls, Duration.ofSeconds(5)),
                calls,
                SigningForm.from(settings),
                settings.duration(
                        "archiver.checkpoint-interval",
                        archive.s3() == null ? Duration.ofMillis(250) : Duration.ofSeconds(5)),
                WitnessSettings.from(settings),
                TimeSettings.from(settings));
    }

    private static Optional<LogOrigin> origin(Settings settings, @Nullable String text) {
        try {
            return Optional.ofNullable(text).map(LogOrigin::new);
        } catch (IllegalArgumentException wrong) {
            settings.problem("origin", String.valueOf(wrong.getMessage()));
            return Optional.empty();
        }
    }

    private static List<KeyLocator> keys(Settings settings, String name) {
        try {
            return KeyLocator.parseAll(settings.text(name, "local"));
        } catch (IllegalArgumentException wrong) {
            settings.problem(name, "is wrong: " + wrong.getMessage());
            return List.of(new KeyLocator.Local());
        }
    }
}
