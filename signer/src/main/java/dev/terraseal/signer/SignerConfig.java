package dev.terraseal.signer;

import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.LogPlace;
import dev.terraseal.keys.KeyLocator;
import dev.terraseal.keys.kms.KmsConnection;
import dev.terraseal.settings.Settings;
import dev.terraseal.store.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a signer is told.
 *
 * @param partition of every topic, which is the number of the log
 * @param logs how many there are: the partitions of every topic
 * @param declaration the file log.json
 * @param keys directory of local private keys
 * @param places where the {@code attest} keys are: one, and around a rotation two
 * @param keyEvents file with the log's key events, for a log whose topics were trimmed beyond one; null for none
 * @param kms used if one of {@code places} is there
 * @param calls how many statements are signed at a time
 * @param floor file in which the signer remembers what it signed last; null for none
 * @param signing each or in batches
 * @param archive where batches are kept; null where none are made
 */
public record SignerConfig(
        KafkaConnection kafka,
        int partition,
        int logs,
        Path declaration,
        Path keys,
        List<KeyLocator> places,
        @Nullable Path keyEvents,
        KmsConnection kms,
        int calls,
        @Nullable Path floor,
        SigningForm signing,
        @Nullable StoreSettings archive) {
    public SignerConfig {
        places = List.copyOf(places);
    }

    /** Calls to KMS at a time: at 20 ms each, three times a quota of 1,000 a second. */
    private static final int KMS_CALLS = 64;

    /** Statements wait in memory while a commit or a slow call holds them up. */
    private static final int STATEMENTS = 1_024;

    private static final long BYTES = 32L << 20;

    /** A key in a file signs in tens of microseconds, which is what handing a statement to another thread and back takes. */
    private static final int LOCAL_TOGETHER = 32;

    /** Room for what is signed while a transaction runs; of batches for the one that is signed and the one that fills. */
    SigningWindow.Limits limits() {
        int batches = signing.mayBatch() ? 2 * signing.entries() : 0;
        return new SigningWindow.Limits(Math.max(STATEMENTS, batches), BYTES, inFiles() ? LOCAL_TOGETHER : 1);
    }

    private boolean inFiles() {
        return places.stream().allMatch(each -> each instanceof KeyLocator.Local || each instanceof KeyLocator.File);
    }

    /** Reads the settings; the caller reads its own beside them and then asks for {@code settings.done()}. */
    public static SignerConfig from(Settings settings) {
        List<KeyLocator> places = places(settings);
        boolean local = places.stream().noneMatch(KeyLocator.AwsKms.class::isInstance);
        int calls = settings.integer(
                "signer.calls", local ? Runtime.getRuntime().availableProcessors() : KMS_CALLS, 1, 1000);
        LogPlace place = LogPlace.from(settings);
        SigningForm signing = SigningForm.from(settings);
        return new SignerConfig(
                KafkaConnection.from(settings),
                place.partition(),
                place.logs(),
                Path.of(settings.text("log.declaration", "log.json")),
                Path.of(settings.text("keys.directory", "keys")),
                places,
                settings.path("log.key-events").orElse(null),
                new KmsConnection(
                        settings.uri("kms.endpoint").orElse(null),
                        calls,
                        settings.duration("kms.timeout", Duration.ofSeconds(5))),
                calls,
                settings.path("signer.floor").orElse(null),
                signing,
                archive(settings, signing));
    }

    /** One that signs each may name the archive: then going over to batches is one setting. */
    private static @Nullable StoreSettings archive(Settings settings, SigningForm signing) {
        boolean needed = signing.mayBatch() || settings.optional("archive").isPresent();
        return needed ? StoreSettings.from(settings) : null;
    }

    private static List<KeyLocator> places(Settings settings) {
        try {
            return KeyLocator.parseAll(settings.text("signer.key", "local"));
        } catch (IllegalArgumentException wrong) {
            settings.problem("signer.key", "is wrong: " + wrong.getMessage());
            return List.of(new KeyLocator.Local());
        }
    }
}
