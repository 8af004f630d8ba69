package dev.terraseal.sequencer;

import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** events in; sequenced, rejected and outcomes out; one store of chunks. The same function for main and for tests. */
public final class SequencerTopology {
    static final String CHUNKS = "chunks";
    static final String SEQUENCED_SINK = "to-sequenced";
    static final String REJECTED_SINK = "to-rejected";
    static final String OUTCOMES_SINK = "to-outcomes";
    private static final String SOURCE = "from-events";
    private static final String PROCESSOR = "sequence";

    private SequencerTopology() {}

    /**
     * @param reading makes a reader for each task
     * @param commitInterval see {@link CommitPace}
     */
    static Topology build(
            SequencerTopics topics,
            int minInsync,
            SequenceProcessor.Shared shared,
            Supplier<EventReading> reading,
            Duration commitInterval) {
        Topology topology = new Topology();
        // none: where to begin is decided before the start, and a lost offset must not become "the earliest there is".
        topology.addSource(
                AutoOffsetReset.none(),
                SOURCE,
                new AppendTime(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                topics.events());
        topology.addProcessor(
                PROCESSOR,
                () -> new CommitPace<>(new SequenceProcessor(shared, reading.get()), commitInterval),
                SOURCE);
        topology.addStateStore(chunks(minInsync), PROCESSOR);
        sink(topology, SEQUENCED_SINK, topics.sequenced());
        sink(topology, REJECTED_SINK, topics.rejected());
        sink(topology, OUTCOMES_SINK, topics.outcomes());
        return topology;
    }

    private static void sink(Topology topology, String name, String topic) {
        topology.addSink(
                name, topic, OutputKey.serializer(), new ByteArraySerializer(), OutputKey.partitioner(), PROCESSOR);
    }

    /**
     * On disk, although it is read only at the start: with stores in memory alone Streams takes a new process id at each
     * start, cannot fence its own old transaction, and stands still until that one times out.
     */
    private static StoreBuilder<KeyValueStore<byte[], byte[]>> chunks(int minInsync) {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(CHUNKS), Serdes.ByteArray(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(ChangelogTopic.settings(minInsync));
    }
}
