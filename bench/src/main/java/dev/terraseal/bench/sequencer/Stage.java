package dev.terraseal.bench.sequencer;

import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.schemas.EventDecoder;
import dev.terraseal.schemas.SchemaSource;
import dev.terraseal.sequencer.SchemaIds;
import dev.terraseal.sequencer.SequencerConfig;
import dev.terraseal.sequencer.SequencerService;
import dev.terraseal.sequencer.SequencerTopics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The broker's topics, and the two runners side by side: new outputs and a new group for every run. */
final class Stage {
    static final Duration COMMIT = Duration.ofMillis(20);
    private static final SchemaIds SCHEMAS = new SchemaIds(BenchEvents.SCHEMA, 2, 4, 5);

    private final BenchBroker broker;
    private final KafkaConnection kafka;
    private final Admin admin;
    private final Path directory;
    private final BenchLog log;
    private final Duration copyCommit;
    private int runs;

    /** @param copyCommit how long the copy's transactions are */
    Stage(BenchBroker broker, Admin admin, Path directory, BenchLog log, Duration copyCommit) {
        this.broker = broker;
        this.kafka = new KafkaConnection(broker.bootstrap(), Map.of());
        this.admin = admin;
        this.directory = directory;
        this.log = log;
        this.copyCommit = copyCommit;
    }

    BenchBroker broker() {
        return broker;
    }

    Admin admin() {
        return admin;
    }

    KafkaConnection kafka() {
        return kafka;
    }

    /** As {@code terraseal.events} is, or as an output is. */
    void create(String topic, boolean input) {
        Map<String, String> settings = new HashMap<>();
        settings.put("message.timestamp.type", input ? "LogAppendTime" : "CreateTime");
        settings.put("max.message.bytes", "2097152");
        settings.put("retention.ms", "-1");
        settings.put("retention.bytes", "-1");
        TopicAdmin.get(
                admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(settings)))
                        .all(),
                "create topic " + topic);
    }

    void delete(List<String> topics) {
        TopicAdmin.get(admin.deleteTopics(topics).all(), "delete topics");
    }

    KafkaProducer<byte[], byte[]> producer(int lingerMillis) {
        Properties all = new Properties();
        all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap());
        all.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
        all.put(ProducerConfig.LINGER_MS_CONFIG, lingerMillis);
        all.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Fills a new topic and returns the bytes of a value on average. */
    long fill(String topic, BenchEvents events, int count) {
        create(topic, true);
        long bytes = 0;
        try (KafkaProducer<byte[], byte[]> producer = producer(5)) {
            for (int i = 0; i < count; i++) {
                byte[] value = events.next();
                bytes += value.length;
                producer.send(new ProducerRecord<>(topic, 0, null, value));
            }
        }
        return bytes / count;
    }

    /** A running thing, with the group whose committed offset tells how far it came. */
    record Running(String group, String output, AutoCloseable runner, List<String> topics) {}

    Running copy(String events, long startAt) {
        String group = "copy-" + ++runs;
        create(group, false);
        PlainCopy copy = new PlainCopy(broker.bootstrap(), group, events, group, copyCommit, startAt);
        copy.start();
        return new Running(group, group, copy, List.of(group));
    }

    Running sequencer(String events, boolean raw) {
        String group = "sequencer-" + ++runs;
        SequencerTopics topics = new SequencerTopics(
                events, group + ".sequenced", group + ".rejected", group + ".outcomes", group + ".checkpoints");
        List<String> own = List.of(topics.sequenced(), topics.rejected(), topics.outcomes(), topics.checkpoints());
        own.forEach(topic -> create(topic, false));
        SequencerConfig config = new SequencerConfig(
                kafka,
                group,
                "0",
                directory.resolve(group),
                List.of(log.declaration()),
                List.of(0L),
                1,
                1,
                COMMIT,
                topics);
        SequencerService service = new SequencerService(
                config,
                SCHEMAS,
                () -> raw ? RawEvents::decode : new EventDecoder(BenchEvents.SCHEMA, SchemaSource.none())::decode,
                () -> {},
                fatal -> {
                    throw new IllegalStateException(fatal.toString());
                },
                Instant::now);
        service.start();
        List<String> made = new java.util.ArrayList<>(own);
        made.add(group + "-chunks-changelog");
        return new Running(group, topics.sequenced(), service, made);
    }

    void stop(Running running) {
        try {
            running.runner().close();
        } catch (Exception e) {
            throw new IllegalStateException("stopping " + running.group(), e);
        }
        delete(running.topics());
    }
}
