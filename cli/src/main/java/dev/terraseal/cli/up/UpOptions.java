package dev.terraseal.cli.up;

import dev.terraseal.archiver.time.TimeSettings;
import dev.terraseal.archiver.witness.WitnessSettings;
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

/**
 * What {@code up} was told.
 *
 * @param birth only for the birth of a log; on existing data something else stops
 * @param attestKeys one place, and around a rotation two
 * @param logKeys likewise
 * @param signingCalls statements signed at a time
 * @param signing each statement, or batches
 * @param witnesses who is asked to cosign checkpoints
 */
public record UpOptions(
        Path data,
        int kafkaPort,
        Birth birth,
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

    /** Between two requests to one witness: in a directory a cosignature costs a small file and no request. */
    private static final Duration WITNESS_INTERVAL = Duration.ofSeconds(1);

    private static final int KAFKA_PORT = 19_092;

    public static UpOptions from(Settings settings, Path data) {
        StoreSettings archive = whole(StoreSettings.from(settings));
        List<KeyLocator> attest = keys(settings, "signer.key");
        List<KeyLocator> log = keys(settings, "archiver.key");
        boolean kms = attest.stream().anyMatch(KeyLocator.AwsKms.class::isInstance);
        int calls = kms ? KMS_CALLS : Runtime.getRuntime().availableProcessors();
        return new UpOptions(
                data.toAbsolutePath().normalize(),
                settings.integer("kafka.port", KAFKA_PORT, 0, 65_535),
                Birth.from(settings),
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
                witnesses(settings, archive),
                TimeSettings.from(settings));
    }

    /** Other commands find it by what is kept here, wherever they are called. */
    private static StoreSettings whole(StoreSettings archive) {
        return archive.s3() != null
                ? archive
                : StoreSettings.inDirectory(
                        archive.requireDirectory().toAbsolutePath().normalize());
    }

    private static Optional<WitnessSettings> witnesses(Settings settings, StoreSettings archive) {
        boolean asked = settings.optional("archiver.witness-interval").isPresent();
        return WitnessSettings.from(settings)
                .map(each -> asked || archive.s3() != null
                        ? each
                        : new WitnessSettings(each.policy(), each.witnesses(), WITNESS_INTERVAL));
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
