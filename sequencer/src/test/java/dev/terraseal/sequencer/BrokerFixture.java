package dev.terraseal.sequencer;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.embedded.TestBroker;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.kafka.FatalError;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.kafka.Topics;
import dev.terraseal.schemas.EventDecoder;
import dev.terraseal.schemas.EventRecord;
import dev.terraseal.schemas.SchemaSource;
import dev.terraseal.schemas.SequencedRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** A broker with our topics, and the whole log checked after each step. */
final class BrokerFixture implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Runnable stopBroker;
    final KafkaConnection kafka;
    final List<LogDeclaration> logs;
    final BlockingQueue<FatalError> fatal = new LinkedBlockingQueue<>();
    private final Producer<byte[], byte[]> producer;

    BrokerFixture(LogDeclaration... logs) {
        this(TestBroker.start(), logs);
    }

    private BrokerFixture(TestBroker broker, LogDeclaration... logs) {
        this(broker.bootstrap(), broker::close, logs);
    }

    BrokerFixture(String bootstrap, Runnable stopBroker, LogDeclaration... logs) {
        this.stopBroker = stopBroker;
        this.kafka = new KafkaConnection(bootstrap, Map.of());
        this.producer = kafka.producer("test");
        this.logs = List.of(logs);
        try (Admin admin = kafka.admin("test")) {
            new TopicAdmin(admin).create(Topics.embedded(logs.length).specs());
        }
    }

    SequencerConfig config(Path state) {
        return config(kafka, state, logs);
    }

    static SequencerConfig config(KafkaConnection kafka, Path state, List<LogDeclaration> logs) {
        return config(kafka, "0", state, logs);
    }

    SequencerConfig config(String instance, Path state) {
        return config(kafka, instance, state, logs);
    }

    private static SequencerConfig config(
            KafkaConnection kafka, String instance, Path state, List<LogDeclaration> logs) {
        return new SequencerConfig(
                kafka,
                SequencerConfig.APPLICATION,
                instance,
                state,
                logs,
                logs.stream().map(log -> 0L).toList(),
                1,
                1,
                SequencerConfig.COMMIT_INTERVAL,
                SequencerTopics.STANDARD);
    }

    SequencerService service(Path state) {
        return service(config(state), fatal::add);
    }

    static SequencerService service(SequencerConfig config, java.util.function.Consumer<FatalError> onFatal) {
        return service(config, reading(), onFatal);
    }

    static Supplier<EventReading> reading() {
        return () -> new EventDecoder(SequencerDriver.EVENT_SCHEMA, SchemaSource.none())::decode;
    }

    static SequencerService service(
            SequencerConfig config, Supplier<EventReading> reading, java.util.function.Consumer<FatalError> onFatal) {
        return new SequencerService(
                config, SequencerDriver.SCHEMAS, reading, TopicsGuard.of(config), onFatal, Instant::now);
    }

    void send(int partition, EventRecord event) {
        send(partition, event.stream().value(), event.encode(SequencerDriver.EVENT_SCHEMA));
    }

    void send(int partition, String key, byte[] value) {
        producer.send(new ProducerRecord<>(Topics.EVENTS, partition, key.getBytes(StandardCharsets.UTF_8), value));
    }

    void flush() {
        producer.flush();
    }

    /** Waits until the topic has {@code count} committed records on the partition, and returns all there are. */
    List<ConsumerRecord<byte[], byte[]>> await(String topic, int partition, int count) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        TopicPartition from = new TopicPartition(topic, partition);
        Instant patience = Instant.now().plus(LIMIT);
        try (Consumer<byte[], byte[]> consumer = kafka.consumer("test", from)) {
            consumer.seek(from, 0);
            while (records.size() < count) {
                int before = records.size();
                consumer.poll(Duration.ofMillis(50)).records(from).forEach(records::add);
                // A busy machine is slow, and goes on; what this waits for in vain stands still.
                if (records.size() > before) {
                    patience = Instant.now().plus(LIMIT);
                } else if (Instant.now().isAfter(patience)) {
                    throw new AssertionError(topic + "-" + partition + " stays at " + records.size() + " records for "
                            + LIMIT + ", not " + count + "; fatal: " + fatal);
                }
            }
            consumer.poll(Duration.ofMillis(300)).records(from).forEach(records::add);
        }
        return records;
    }

    /** Reads the log of a partition once it has {@code size} entries, and checks every link, header and id in it. */
    List<Statement> checkedLog(int partition, int size) {
        List<Statement> statements = new ArrayList<>();
        Digest newest = logs.get(partition).genesis();
        Map<String, Digest> streams = new HashMap<>();
        Map<String, Long> ids = new HashMap<>();
        long source = -1;
        for (ConsumerRecord<byte[], byte[]> record : await(Topics.SEQUENCED, partition, size)) {
            EntryHeaders headers = EntryHeaders.of(record);
            Statement statement =
                    Statement.parse(SequencedRecord.decode(record.value()).statement());
            require(headers.sequence().value() == statements.size(), "dense", headers);
            require(statement.sequence().value() == statements.size(), "dense", headers);
            require(statement.link().log().equals(logs.get(partition).origin()), "own log", headers);
            require(statement.link().prevHash().equals(newest), "chained", headers);
            require(headers.entryHash().equals(statement.entryHash()), "hashed", headers);
            require(headers.source() > source, "sources grow", headers);
            Digest before = streams.put(statement.stream().value(), statement.entryHash());
            require(
                    statement
                            .link()
                            .streamPrevHash()
                            .equals(before == null ? logs.get(partition).genesis() : before),
                    "chained in its stream",
                    headers);
            require(ids.put(statement.stream() + "\n" + statement.id(), 1L) == null, "once", headers);
            newest = statement.entryHash();
            source = headers.source();
            statements.add(statement);
        }
        require(statements.size() == size, "as many as were accepted: " + statements.size(), null);
        return statements;
    }

    private static void require(boolean holds, String what, EntryHeaders where) {
        if (!holds) {
            throw new AssertionError("not " + what + " at " + where);
        }
    }

    static IntStream times(int count) {
        return IntStream.range(0, count);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        stopBroker.run();
    }
}
