package dev.terraseal.sequencer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.schemas.EventDecoder;
import dev.terraseal.schemas.OutcomeRecord;
import dev.terraseal.schemas.RejectedRecord;
import dev.terraseal.schemas.SchemaSource;
import dev.terraseal.schemas.SequencedRecord;
import dev.terraseal.sequencer.state.Entry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;

/** The topology of main in one thread, with what it wrote decoded. */
final class SequencerDriver implements AutoCloseable {
    static final int EVENT_SCHEMA = 1;
    static final SchemaIds SCHEMAS = new SchemaIds(EVENT_SCHEMA, 2, 4, 5);
    static final long TIME = LogFixture.RECEIVED.epochMillis();

    final FakeLogTopics topics;
    final SequencerProgress progress = new SequencerProgress();
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> events;
    private final TestOutputTopic<byte[], byte[]> sequenced;
    private final TestOutputTopic<byte[], byte[]> rejected;
    private final TestOutputTopic<byte[], byte[]> outcomes;

    SequencerDriver(LogFixture log, FakeLogTopics topics, Path state) {
        this(log, topics, state, () -> new EventDecoder(EVENT_SCHEMA, SchemaSource.none())::decode);
    }

    SequencerDriver(LogFixture log, FakeLogTopics topics, Path state, Supplier<EventReading> reading) {
        this.topics = topics;
        SequenceProcessor.Shared shared = new SequenceProcessor.Shared(
                partition -> log.declaration, topics, SCHEMAS, log.checker, new Failures(), () -> {}, progress);
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "sequencer-test");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:0");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SmallRocksDb.class);
        driver = new TopologyTestDriver(
                SequencerTopology.build(SequencerTopics.STANDARD, 1, shared, reading, Duration.ofMillis(20)),
                settings,
                Instant.ofEpochMilli(TIME));
        events = driver.createInputTopic(
                SequencerTopics.STANDARD.events(), new ByteArraySerializer(), new ByteArraySerializer());
        sequenced = output(SequencerTopics.STANDARD.sequenced());
        rejected = output(SequencerTopics.STANDARD.rejected());
        outcomes = output(SequencerTopics.STANDARD.outcomes());
    }

    private TestOutputTopic<byte[], byte[]> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    void send(String key, byte[] value) {
        send(key == null ? null : key.getBytes(StandardCharsets.UTF_8), value, new RecordHeaders(), TIME);
    }

    void send(byte[] key, byte[] value, Headers headers, long time) {
        events.pipeInput(new TestRecord<>(key, value, headers, time));
    }

    /** What the header of each entry written since the last call names as the newest key event below it; −1 for none. */
    List<Long> keyEventsBelow() {
        List<Long> below = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : sequenced.readRecordsToList()) {
            var header = record.headers().lastHeader(EntryHeaders.KEY_EVENT);
            below.add(header == null ? -1 : ByteBuffer.wrap(header.value()).getLong());
        }
        return below;
    }

    /** The entries written since the last call; they also become the committed end of the log. */
    List<Entry> entries() {
        List<Entry> made = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : sequenced.readRecordsToList()) {
            SequencedRecord value = SequencedRecord.decode(record.value());
            long source = ByteBuffer.wrap(
                            record.headers().lastHeader(EntryHeaders.SOURCE).value())
                    .getLong();
            long sequence = ByteBuffer.wrap(
                            record.headers().lastHeader(EntryHeaders.SEQUENCE).value())
                    .getLong();
            Digest hash = Digest.fromBytes(Bytes.copyOf(
                    record.headers().lastHeader(EntryHeaders.ENTRY_HASH).value()));
            if (sequence != value.sequence().value()
                    || !hash.equals(value.entryHash())
                    || !hash.equals(Digest.of(value.statement()))
                    || !new String(record.key(), StandardCharsets.UTF_8)
                            .equals(value.stream().value())) {
                throw new AssertionError("headers, key and value of entry " + sequence + " disagree");
            }
            made.add(new Entry(sequence, source, value.entryHash(), value.statement()));
        }
        topics.entries.addAll(made);
        return made;
    }

    List<RejectedRecord> rejected() {
        return rejected.readValuesToList().stream().map(RejectedRecord::decode).toList();
    }

    List<OutcomeRecord> outcomes() {
        return outcomes.readValuesToList().stream().map(OutcomeRecord::decode).toList();
    }

    KeyValueStore<byte[], byte[]> store() {
        return driver.getKeyValueStore(SequencerTopology.CHUNKS);
    }

    @Override
    public void close() {
        driver.close();
    }
}
