package dev.terraseal.bench.sequencer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The reference: a hand-written loop that copies a topic exactly once and does nothing else. Its clients have the
 * settings the sequencer's have: batch size, compression, poll and fetch sizes, linger.
 */
public final class PlainCopy implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final TopicPartition from;
    private final String to;
    private final long commitNanos;
    private final Thread thread;
    private volatile boolean stopping;

    public PlainCopy(String bootstrap, String group, String from, String to, Duration commitInterval, long startAt) {
        this.from = new TopicPartition(from, 0);
        this.to = to;
        this.commitNanos = commitInterval.toNanos();
        this.consumer = new KafkaConsumer<>(consumer(bootstrap, group));
        this.producer = new KafkaProducer<>(producer(bootstrap, group));
        consumer.assign(List.of(this.from));
        consumer.seek(this.from, startAt);
        this.thread = new Thread(this::run, "plain-copy");
    }

    private static Properties consumer(String bootstrap, String group) {
        Properties all = new Properties();
        all.put("bootstrap.servers", bootstrap);
        all.put("group.id", group);
        all.put("isolation.level", "read_committed");
        all.put("enable.auto.commit", false);
        all.put("auto.offset.reset", "none");
        all.put("max.poll.records", 5_000);
        all.put("fetch.max.bytes", 8 << 20);
        all.put("max.partition.fetch.bytes", 1 << 20);
        all.put("key.deserializer", ByteArrayDeserializer.class);
        all.put("value.deserializer", ByteArrayDeserializer.class);
        return all;
    }

    private static Properties producer(String bootstrap, String group) {
        Properties all = new Properties();
        all.put("bootstrap.servers", bootstrap);
        all.put("transactional.id", group);
        all.put("transaction.timeout.ms", 10_000);
        all.put("delivery.timeout.ms", 9_000);
        all.put("request.timeout.ms", 5_000);
        all.put("batch.size", 256 << 10);
        all.put("compression.type", "lz4");
        all.put("buffer.memory", 16L << 20);
        all.put("linger.ms", 100);
        all.put("retry.backoff.ms", 10);
        all.put("key.serializer", ByteArraySerializer.class);
        all.put("value.serializer", ByteArraySerializer.class);
        return all;
    }

    public void start() {
        producer.initTransactions();
        thread.start();
    }

    private void run() {
        long next = -1;
        long begun = 0;
        while (!stopping) {
            // Short enough to commit in time when nothing comes.
            for (ConsumerRecord<byte[], byte[]> record :
                    consumer.poll(Duration.ofMillis(next < 0 ? 50 : 5)).records(from)) {
                if (next < 0) {
                    producer.beginTransaction();
                    begun = System.nanoTime();
                }
                producer.send(new ProducerRecord<>(to, 0, record.timestamp(), record.key(), record.value()));
                next = record.offset() + 1;
                if (System.nanoTime() - begun >= commitNanos) {
                    commit(next);
                    next = -1;
                }
            }
            if (next >= 0 && System.nanoTime() - begun >= commitNanos) {
                commit(next);
                next = -1;
            }
        }
    }

    private void commit(long next) {
        producer.sendOffsetsToTransaction(Map.of(from, new OffsetAndMetadata(next)), consumer.groupMetadata());
        producer.commitTransaction();
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ofSeconds(2));
        consumer.close();
    }
}
