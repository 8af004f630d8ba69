package dev.terraseal.sequencer;

import dev.terraseal.kafka.Topics;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/** The Streams settings the sequencer's promises and its speed rest on, each with its reason. */
final class StreamsSettings {
    private StreamsSettings() {}

    static Properties of(SequencerConfig config) {
        Properties all = new Properties();
        all.putAll(config.kafka().clientSettings(config.applicationId()));
        all.put(StreamsConfig.APPLICATION_ID_CONFIG, config.applicationId());
        all.put(StreamsConfig.STATE_DIR_CONFIG, config.state().toString());
        all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        // At the latest; CommitPace asks for it sooner while events do not pile up.
        all.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                config.longestCommitInterval().toMillis());
        // Waiting for events holds up a commit: with the default of 100 ms an event that comes alone would wait for it.
        all.put(
                StreamsConfig.POLL_MS_CONFIG,
                Math.min(100, config.commitInterval().toMillis()));
        // A log is one partition and one task; a thread for each, as far as there are processors.
        all.put(
                StreamsConfig.NUM_STREAM_THREADS_CONFIG,
                Math.min(config.logs().size(), Runtime.getRuntime().availableProcessors()));
        all.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, config.replication());
        all.put(StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG), config.minInsync());
        all.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SmallRocksDb.class);
        all.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 1 << 20);
        all.put(StreamsConfig.METRICS_RECORDING_LEVEL_CONFIG, "INFO");
        // With the default of 1,000 the thread pauses and resumes its partition all the time: 0.84 to 0.99 of a plain
        // copy.
        all.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 20_000);
        consumer(all, config);
        producer(all);
        return all;
    }

    private static void consumer(Properties all, SequencerConfig config) {
        // A static member: after a kill or an orderly stop the next start takes its place at once, not after 45 s.
        consumer(all, ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, config.applicationId() + "-" + config.instance());
        consumer(all, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        consumer(all, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        consumer(all, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        consumer(all, ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 << 20);
        // Less than a poll hands out: the next one is asked for when the last of it is out, and comes meanwhile.
        consumer(all, ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1 << 20);
        consumer(all, ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    }

    private static void consumer(Properties all, String name, Object value) {
        all.put(StreamsConfig.mainConsumerPrefix(name), value);
    }

    private static void producer(Properties all) {
        producer(all, ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
        producer(all, ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        producer(all, ProducerConfig.BUFFER_MEMORY_CONFIG, 16L << 20);
        // Nothing larger is ever sent: sizes are checked before, and a refused record would end the transaction for
        // good.
        producer(all, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_RECORD_BYTES);
        // A killed sequencer holds back every reader for this long.
        producer(all, ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000);
        producer(all, ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 9_000);
        producer(all, ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        // The first send after a commit may find the transaction before it unfinished (KAFKA-20000).
        producer(all, ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 10);
    }

    private static void producer(Properties all, String name, Object value) {
        all.put(StreamsConfig.producerPrefix(name), value);
    }
}
