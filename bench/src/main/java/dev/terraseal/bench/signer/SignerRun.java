package dev.terraseal.bench.signer;

import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicAdmin;
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
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One run of the production signer, from {@code sequenced} to {@code attestations}, timed by what the broker has of it. */
final class SignerRun {
    private static final long LIMIT_NANOS = Duration.ofMinutes(3).toNanos();
    /** As often as Kafka can tell something new: a commit takes about as long. */
    private static final long LOOK_MILLIS = 20;

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
        Looks looks;
        try (ArchiveStore store = archive.open();
                Admin admin = kafka.admin("bench-attestations");
                SignerService service = new SignerService(
                        config,
                        with.log(),
                        new KeyInForce(KeyUse.ATTEST, with.keys()),
                        SCHEMA,
                        store,
                        Clock.systemUTC(),
                        fatal -> broken.set(fatal.toString()))) {
            service.start();
            looks = watch(admin, service, attestations, count, broken);
        }
        return looks.rate(inOrder(attestations, count), skipped);
    }

    /** Looks until every attestation is committed and no transaction is open. */
    private static Looks watch(
            Admin admin,
            SignerService service,
            TopicPartition attestations,
            int count,
            AtomicReference<@Nullable String> broken)
            throws InterruptedException {
        Looks looks = new Looks();
        long deadline = System.nanoTime() + LIMIT_NANOS;
        while (true) {
            long asked = System.nanoTime();
            long signed = service.status().next();
            long committed = end(admin, attestations, IsolationLevel.READ_COMMITTED);
            looks.add(asked, committed);
            if (signed >= count && committed == end(admin, attestations, IsolationLevel.READ_UNCOMMITTED)) {
                return looks;
            }
            if (broken.get() != null || asked > deadline) {
                throw new IllegalStateException("the signer came to " + signed + " of " + count + ": " + broken.get());
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private static long end(Admin admin, TopicPartition partition, IsolationLevel level) {
        return TopicAdmin.get(
                        admin.listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(level))
                                .partitionResult(partition),
                        "say where " + partition + " ends")
                .offset();
    }

    /** The offsets of the attestations. Every sequence once and in order, or it was no measurement. */
    private long[] inOrder(TopicPartition attestations, int count) {
        long[] offsets = new long[count];
        int next = 0;
        try (Consumer<byte[], byte[]> consumer = kafka.consumer("bench-attestations", attestations)) {
            consumer.seekToBeginning(List.of(attestations));
            long end = Objects.requireNonNull(
                    consumer.endOffsets(List.of(attestations)).get(attestations));
            while (consumer.position(attestations) < end) {
                for (ConsumerRecord<byte[], byte[]> record :
                        consumer.poll(Duration.ofMillis(50)).records(attestations)) {
                    long sequence = EntryHeaders.sequence(record).value();
                    if (sequence != next || next == count) {
                        throw new IllegalStateException(
                                "attestation " + sequence + " came where " + next + " of " + count + " was next");
                    }
                    offsets[next++] = record.offset();
                }
            }
        }
        if (next < count) {
            throw new IllegalStateException("only " + next + " of " + count + " attestations are on the topic");
        }
        return offsets;
    }
}
