package dev.terraseal.sequencer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.kafka.Topics;
import dev.terraseal.kafka.UnsafeTopicsException;
import dev.terraseal.schemas.RejectedRecord;
import dev.terraseal.schemas.json.EventEncoder;
import dev.terraseal.schemas.registry.RegistryUnavailableException;
import dev.terraseal.schemas.sample.SampleEvents;
import dev.terraseal.sequencer.state.Chunk;
import dev.terraseal.sequencer.state.Entry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start, a new start within the process and a second instance find on a real broker. */
@SuppressWarnings("try") // a running service is used by being there
class SequencerStartTest {
    private static final Duration READY = Duration.ofSeconds(180);
    private static final TopicPartition EVENTS = new TopicPartition(Topics.EVENTS, 0);

    @TempDir
    Path directory;

    private final LogFixture log = new LogFixture();
    private final SampleEvents sample = new SampleEvents(new Random(4711), 16);
    private final BrokerFixture at = new BrokerFixture(log.declaration);

    @AfterEach
    void stop() {
        at.close();
    }

    private void send(int count) {
        for (int i = 0; i < count; i++) {
            at.send(0, sample.next());
        }
        at.flush();
    }

    private void tick() {
        at.send(0, "_log", EventEncoder.headsTick(new Timestamp(0)).encode(SequencerDriver.EVENT_SCHEMA));
        at.flush();
    }

    private SequencerService running(SequencerService service) throws InterruptedException {
        service.start();
        assertThat(service.awaitReady(READY)).as("ready; fatal: %s", at.fatal).isTrue();
        return service;
    }

    private SequencerService running(Path state) throws InterruptedException {
        return running(at.service(state));
    }

    private void awaitCommitted(long offset) throws Exception {
        try (Admin admin = at.kafka.admin("test")) {
            OffsetAndMetadata committed;
            do {
                TimeUnit.MILLISECONDS.sleep(50);
                committed = admin.listConsumerGroupOffsets(SequencerConfig.APPLICATION)
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .get(EVENTS);
            } while (committed == null || committed.offset() < offset);
        }
    }

    /** A registry that is silent for a moment has the state found again. */
    private Supplier<EventReading> silentWhen(AtomicBoolean silent) {
        return () -> {
            EventReading reading = BrokerFixture.reading().get();
            return value -> {
                if (silent.getAndSet(false)) {
                    throw new RegistryUnavailableException("silent");
                }
                return reading.decode(value);
            };
        };
    }

    @Test
    void aTickThatRightlyLeftNothingIsNoReasonToStopWhenTheStateIsFoundAgain() throws Exception {
        AtomicBoolean silent = new AtomicBoolean();
        tick();
        tick();
        try (SequencerService service = running(
                BrokerFixture.service(at.config(directory.resolve("state")), silentWhen(silent), at.fatal::add))) {
            awaitCommitted(2);
            silent.set(true);
            send(1);
            tick();
            assertThat(at.checkedLog(0, 2).get(1).type()).isEqualTo(PredicateType.HEADS);
            tick();
            tick();
            awaitCommitted(6);
            silent.set(true);
            send(1);
            at.checkedLog(0, 3);
            assertThat(silent).isFalse();
            assertThat(at.fatal).isEmpty();
            assertThat(service.isReady()).isTrue();
        }
    }

    /** Streams forgets to seek back where a rebalance comes between; what was polled by then would be passed over. */
    @Test
    void aTaskThatBeginsGoesOnWhereTheGroupStandsAndNotWhereItsConsumerDid() {
        send(3);
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                at.kafka.bootstrap(),
                "group.id",
                "test",
                "enable.auto.commit",
                false,
                "auto.offset.reset",
                "earliest");
        try (FromCommitted consumer = new FromCommitted(config)) {
            consumer.assign(List.of(EVENTS));
            while (consumer.position(EVENTS) < 3) {
                var unused = consumer.poll(Duration.ofMillis(100));
            }
            consumer.commitSync(Map.of(EVENTS, new OffsetAndMetadata(1)));
            assertThat(consumer.position(EVENTS)).isEqualTo(3);
            assertThat(consumer.committed(Set.of(EVENTS)).get(EVENTS).offset()).isEqualTo(1);
            assertThat(consumer.position(EVENTS)).isEqualTo(1);
        }
    }

    private byte[] checkpoint(LogFixture by, LogFixture of, long size) throws Exception {
        return NoteSigner.sign(new Checkpoint(of.declaration.origin(), size, Digest.of()), by.log)
                .bytes()
                .toByteArray();
    }

    private void publish(byte[] note) throws Exception {
        try (Producer<byte[], byte[]> producer = at.kafka.producer("test")) {
            producer.send(new ProducerRecord<>(Topics.CHECKPOINTS, 0, new byte[0], note))
                    .get();
        }
    }

    private long floor(LogFixture... others) {
        List<dev.terraseal.core.log.LogDeclaration> logs = new java.util.ArrayList<>(List.of(log.declaration));
        for (LogFixture other : others) {
            logs.add(other.declaration);
        }
        return new KafkaLogTopics(
                        BrokerFixture.config(at.kafka, directory, logs),
                        log.checker,
                        BrokerFixture.reading(),
                        Clock.systemUTC())
                .facts(0, null, KeyRing.of(log.declaration))
                .floor();
    }

    @Test
    void onlyWhatALogKeySignedSaysHowLongTheLogWas() throws Exception {
        LogFixture stranger = new LogFixture();
        assertThat(floor()).isZero();
        publish(checkpoint(stranger, log, 1_000_000_000));
        publish(new byte[] {1, 2, 3});
        publish(null);
        assertThat(floor()).as("nothing of it is the log's").isZero();
        publish(checkpoint(log, log, 3));
        publish(checkpoint(log, log, 2));
        publish(checkpoint(stranger, log, 1_000_000_000));
        publish(new byte[0]);
        publish(null);
        assertThat(floor()).isEqualTo(3);
        send(3);
        try (SequencerService service = running(directory.resolve("state"))) {
            at.checkedLog(0, 3);
        }
        assertThat(at.fatal).isEmpty();
    }

    @Test
    void aPartitionOfAnotherLogOfThisConfigurationIsNamed() throws Exception {
        LogFixture other = new LogFixture("terraseal.local/other");
        publish(checkpoint(other, other, 5));
        assertThatThrownBy(() -> floor(other))
                .isInstanceOf(SequencerStoppedException.class)
                .hasMessageContaining("belongs to log terraseal.local/other")
                .hasMessageContaining("in the order of the partitions");
        publish(checkpoint(log, log, 4));
        assertThat(floor(other)).isEqualTo(4);
    }

    /** Kafka's committed offset was read before a commit of the other, and the end of its output after it. */
    private FakeLogTopics readAcrossACommit() {
        FakeLogTopics seen = new FakeLogTopics(log.declaration);
        seen.entries.add(new Entry(0, 40, Digest.of(), Bytes.EMPTY));
        seen.committed = OptionalLong.of(12);
        return seen;
    }

    @Test
    void whileAnotherOneRunsNoOffsetIsSet() throws Exception {
        send(50);
        try (SequencerService first =
                running(BrokerFixture.service(at.config("0-2", directory.resolve("first")), at.fatal::add))) {
            awaitCommitted(50);
            // Its former self would be instance "0", whose name begins as that of "0-2" does.
            new StartOffsets(at.config("0", directory.resolve("second")), readAcrossACommit()).settle();
            send(5);
            at.checkedLog(0, 55);
            assertThat(at.fatal).isEmpty();
            assertThat(first.isReady()).isTrue();
        }
    }

    @Test
    void aSecondInstanceStartsUnderLoadAndTakesOver() throws Exception {
        send(2_000);
        SequencerService first =
                running(BrokerFixture.service(at.config("a", directory.resolve("first")), at.fatal::add));
        try (SequencerService second =
                running(BrokerFixture.service(at.config("b", directory.resolve("second")), at.fatal::add))) {
            send(1_000);
            first.close();
            send(10);
            at.checkedLog(0, 3_010);
            assertThat(at.fatal).isEmpty();
            assertThat(second.isReady()).isTrue();
        } finally {
            first.close();
        }
    }

    /** The broker looks at what is packed; Kafka's consumer allocates what it is unpacked, before we see it. */
    @Test
    void aRecordThatIsTooLargeOnlyUnpackedIsRejected() throws Exception {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                at.kafka.bootstrap(),
                "compression.type",
                "zstd",
                "max.request.size",
                128 << 20,
                "buffer.memory",
                128L << 20);
        try (SequencerService service = running(directory.resolve("state"))) {
            try (Producer<byte[], byte[]> packing =
                    new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
                packing.send(new ProducerRecord<>(Topics.EVENTS, 0, new byte[0], new byte[64 << 20]))
                        .get();
            }
            assertThat(at.await(Topics.REJECTED, 0, 1)).singleElement().satisfies(record -> {
                RejectedRecord rejected = RejectedRecord.decode(record.value());
                assertThat(rejected.reason()).isEqualTo("too-large");
                assertThat(rejected.originalLength()).isEqualTo(64 << 20);
            });
            send(1);
            at.checkedLog(0, 1);
            assertThat(service.isReady()).isTrue();
        }
    }

    @Test
    void howFarTheStoreReachesIsSaidByItsChangelog() throws Exception {
        Clock clock = Clock.systemUTC();
        ChangelogTopic.ensure(at.config(directory));
        assertThat(StoredUpTo.read(at.kafka, SequencerConfig.APPLICATION, 0, clock))
                .isZero();
        send(3 * Chunk.ENTRIES + 5);
        try (SequencerService service = running(directory.resolve("state"))) {
            at.checkedLog(0, 3 * Chunk.ENTRIES + 5);
        }
        assertThat(StoredUpTo.read(at.kafka, SequencerConfig.APPLICATION, 0, clock))
                .isEqualTo(3 * Chunk.ENTRIES);
    }

    @Test
    void aChangelogThatMayForgetStopsTheStart() throws Exception {
        SequencerConfig config = at.config(directory);
        ChangelogTopic.ensure(config);
        ChangelogTopic.ensure(config);
        try (Admin admin = at.kafka.admin("test")) {
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, ChangelogTopic.name(config));
            admin.incrementalAlterConfigs(Map.of(
                            topic,
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("retention.ms", "604800000"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
        assertThatThrownBy(() -> ChangelogTopic.ensure(config))
                .isInstanceOf(UnsafeTopicsException.class)
                .hasMessageContaining(ChangelogTopic.name(config))
                .hasMessageContaining("retention.ms");
    }
}
