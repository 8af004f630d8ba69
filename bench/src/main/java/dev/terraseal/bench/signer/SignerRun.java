package dev.terraseal.bench.signer;

import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.Topics;
import dev.terraseal.keys.KeyInForce;
import dev.terraseal.keys.KeyLocator;
import dev.terraseal.keys.kms.KmsConnection;
import dev.terraseal.signer.SignerConfig;
import dev.terraseal.signer.SignerService;
import dev.terraseal.signer.SigningForm;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One run of the production signer, from {@code sequenced} to {@code attestations}, watched as a consumer sees it. */
final class SignerRun {
    private static final long LIMIT_NANOS = Duration.ofMinutes(3).toNanos();
    private static final int SCHEMA = 3;

    private final KafkaConnection kafka;
    private final int logs;
    private final Path directory;

    SignerRun(KafkaConnection kafka, int logs, Path directory) {
        this.kafka = kafka;
        this.logs = logs;
        this.directory = directory;
    }

    /**
     * What signs, and how.
     *
     * @param place where the key is said to be: a local one signs several statements before it says so
     */
    record With(LogDeclaration log, KeyInForce.PrivateKeys keys, KeyLocator place, int calls, SigningForm form) {}

    /**
     * Signs what is, or comes to be, on the partition.
     *
     * @param skipped attestations at the beginning that do not count: starting, and what a quota had saved up
     * @return attestations a second
     */
    double rate(With with, int partition, int count, int skipped) throws Exception {
        StoreSettings archive = StoreSettings.inDirectory(directory.resolve("archive-" + partition));
        SignerConfig config = new SignerConfig(
                kafka,
                partition,
                logs,
                directory.resolve("log.json"),
                directory,
                List.of(with.place()),
                null,
                KmsConnection.standard(),
                with.calls(),
                null,
                with.form(),
                archive);
        AtomicReference<@Nullable String> broken = new AtomicReference<>();
        TopicPartition attestations = new TopicPartition(Topics.ATTESTATIONS, partition);
        try (ArchiveStore store = archive.open();
                Consumer<byte[], byte[]> consumer = kafka.consumer("bench-attestations", attestations);
                SignerService service = new SignerService(
                        config,
                        with.log(),
                        new KeyInForce(KeyUse.ATTEST, with.keys()),
                        SCHEMA,
                        store,
                        Clock.systemUTC(),
                        fatal -> broken.set(fatal.toString()))) {
            consumer.seekToBeginning(List.of(attestations));
            service.start();
            return watch(consumer, attestations, count, skipped, broken);
        }
    }

    /** Every sequence once and in order, or it is no measurement. */
    private static double watch(
            Consumer<byte[], byte[]> consumer,
            TopicPartition attestations,
            int count,
            int skipped,
            AtomicReference<@Nullable String> broken) {
        long next = 0;
        long begun = 0;
        long counted = 0;
        long deadline = System.nanoTime() + LIMIT_NANOS;
        while (next < count) {
            for (ConsumerRecord<byte[], byte[]> record :
                    consumer.poll(Duration.ofMillis(50)).records(attestations)) {
                if (EntryHeaders.sequence(record).value() != next) {
                    throw new IllegalStateException(
                            "attestation " + EntryHeaders.sequence(record) + " came where " + next + " was next");
                }
                next++;
            }
            long now = System.nanoTime();
            if (begun == 0 && next > skipped) {
                begun = now;
                counted = next;
            }
            if (broken.get() != null || now > deadline) {
                throw new IllegalStateException("the signer came to " + next + " of " + count + ": " + broken.get());
            }
        }
        return (count - counted) * 1e9 / (System.nanoTime() - begun);
    }
}
