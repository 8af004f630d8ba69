package dev.terraseal.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.embedded.EmbeddedBroker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a killed broker leaves now and then, made here on purpose: finished for the coordinator, open in a partition. */
class HangingTransactionsTest {
    private static final TopicPartition PARTITION = new TopicPartition("out", 0);
    private static final TopicPartition COORDINATOR = new TopicPartition("__transaction_state", 0);
    private static final byte COMPLETE_COMMIT = 4;

    @TempDir
    Path directory;

    @Test
    void aTransactionThatIsFinishedElsewhereAndOpenHereIsAborted() throws Exception {
        try (EmbeddedBroker broker = broker();
                Producer<byte[], byte[]> killed = producer(broker, "stage-1")) {
            KafkaConnection connection = connection(broker);
            create(connection);
            write(killed, "first");
            killed.commitTransaction();
            write(killed, "second");
            killed.close(Duration.ZERO);
            skipTheMarkers(connection);
        }
        try (EmbeddedBroker broker = broker();
                Admin admin = connection(broker).admin("test");
                Producer<byte[], byte[]> successor = connection(broker).transactionalProducer("stage-1")) {
            successor.initTransactions();
            assertThat(read(connection(broker)))
                    .as("fencing alone does not end it")
                    .isEqualTo("hidden");
            HangingTransactions foreign = new HangingTransactions(admin, "another"::equals);
            assertThat(foreign.abort(List.of(PARTITION))).isZero();
            HangingTransactions ours = new HangingTransactions(admin, "stage-1"::equals);
            assertThat(ours.abort(List.of(PARTITION))).isEqualTo(1);
            assertThat(ours.abort(List.of(PARTITION))).isZero();
            assertThat(read(connection(broker))).isEqualTo("first");
            successor.beginTransaction();
            successor.send(new ProducerRecord<>(PARTITION.topic(), bytes("third")));
            successor.commitTransaction();
            assertThat(read(connection(broker))).isEqualTo("third");
        }
    }

    @Test
    void aTransactionThatIsStillRunningIsLeftAlone() throws Exception {
        try (EmbeddedBroker broker = broker();
                Admin admin = connection(broker).admin("test");
                Producer<byte[], byte[]> running = producer(broker, "stage-1")) {
            create(connection(broker));
            write(running, "first");
            assertThat(new HangingTransactions(admin, "stage-1"::equals).abort(List.of(PARTITION)))
                    .isZero();
            running.commitTransaction();
            assertThat(read(connection(broker))).isEqualTo("first");
        }
    }

    @Test
    void theOffsetsOfAGroupAreWhereKafkaKeepsThem() throws Exception {
        try (EmbeddedBroker broker = broker();
                Admin admin = connection(broker).admin("test");
                Consumer<byte[], byte[]> member = member(broker);
                Producer<byte[], byte[]> producer = producer(broker, "stage-1")) {
            HangingTransactions hanging = new HangingTransactions(admin, any -> true);
            assertThat(hanging.offsetsOf("group")).isEmpty();
            create(connection(broker));
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(PARTITION, new OffsetAndMetadata(0)), member.groupMetadata());
            List<TopicPartition> offsets = hanging.offsetsOf("group");
            assertThat(TopicAdmin.get(admin.describeProducers(offsets).all(), "describe")
                            .get(offsets.get(0))
                            .activeProducers())
                    .isNotEmpty();
            producer.abortTransaction();
        }
    }

    private EmbeddedBroker broker() {
        return EmbeddedBroker.start(directory, 0, reason -> {});
    }

    private static Consumer<byte[], byte[]> member(EmbeddedBroker broker) {
        Map<String, Object> settings = connection(broker).clientSettings("member");
        settings.put("group.id", "group");
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static KafkaConnection connection(EmbeddedBroker broker) {
        return new KafkaConnection(broker.bootstrap(), Map.of());
    }

    private static void create(KafkaConnection connection) throws Exception {
        try (Admin admin = connection.admin("test")) {
            admin.createTopics(List.of(new NewTopic(PARTITION.topic(), 1, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static Producer<byte[], byte[]> producer(EmbeddedBroker broker, String id) {
        Producer<byte[], byte[]> producer = connection(broker).transactionalProducer(id);
        producer.initTransactions();
        return producer;
    }

    private static void write(Producer<byte[], byte[]> producer, String text) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(PARTITION.topic(), bytes(text)));
        producer.flush();
    }

    /** Writes into the coordinator's own log that the newest transaction is through; it believes that when it starts. */
    private static void skipTheMarkers(KafkaConnection connection) throws Exception {
        ConsumerRecord<byte[], byte[]> newest;
        try (TopicEnd end = TopicEnd.open(connection, "test", COORDINATOR, InstantSource.system())) {
            newest = end.newest().orElseThrow();
        }
        ByteBuffer old = ByteBuffer.wrap(newest.value());
        short version = old.getShort();
        TransactionLogValue value = new TransactionLogValue(new ByteBufferAccessor(old), version);
        value.setTransactionStatus(COMPLETE_COMMIT).setTransactionPartitions(List.of());
        // The one name a broker lets write to its own topics.
        Map<String, Object> settings = connection.clientSettings("__admin_client");
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            COORDINATOR.topic(),
                            COORDINATOR.partition(),
                            newest.key(),
                            MessageUtil.toVersionPrefixedBytes(version, value)))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static String read(KafkaConnection connection) {
        try (TopicEnd end =
                TopicEnd.open(connection, "test", PARTITION, InstantSource.system(), Duration.ofSeconds(1))) {
            return new String(end.newest().orElseThrow().value(), StandardCharsets.UTF_8);
        } catch (UndecidedTransactionException hidden) {
            return "hidden";
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
