package dev.terraseal.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.embedded.TestBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two logs are two partitions of the same topics. */
class TwoLogsTest {
    private static final byte[] ONE_STREAM = "acme/infra/prod".getBytes(StandardCharsets.UTF_8);
    private static TestBroker broker;
    private static KafkaConnection connection;

    @BeforeAll
    static void start() {
        broker = TestBroker.start();
        connection = new KafkaConnection(broker.bootstrap(), Map.of());
        try (Admin admin = connection.admin("test")) {
            new TopicAdmin(admin).create(Topics.embedded(2).specs());
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void eachLogFindsItsOwnEndThoughStreamsHaveTheSameNames() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long[] next = {0, 0};
        try (Producer<byte[], byte[]> first = stage("signer", 0);
                Producer<byte[], byte[]> second = stage("signer", 1)) {
            List<Producer<byte[], byte[]>> logs = List.of(first, second);
            for (int i = 0; i < 60; i++) {
                int log = random.nextInt(2);
                int count = 1 + random.nextInt(5);
                boolean committed = random.nextInt(4) != 0;
                write(logs.get(log), Topics.ATTESTATIONS, log, next[log], count, committed);
                next[log] += committed ? count : 0;
            }
        }
        for (int log = 0; log < 2; log++) {
            int expected = log;
            try (TopicEnd end = end(Topics.ATTESTATIONS, log)) {
                List<Long> sequences = new ArrayList<>();
                end.readFrom(0, record -> {
                    assertThat(statement(record)).as("seed %d", seed).startsWith("log " + expected + " ");
                    sequences.add(EntryHeaders.sequence(record).value());
                });
                assertThat(sequences)
                        .as("seed %d", seed)
                        .hasSize((int) next[log])
                        .isSorted();
                assertThat(new TreeSet<>(sequences)).hasSize((int) next[log]);
                assertThat(end.newest())
                        .map(record -> EntryHeaders.sequence(record).value())
                        .isEqualTo(next[log] == 0 ? Optional.empty() : Optional.of(next[log] - 1));
            }
        }
    }

    @Test
    void anUndecidedTransactionInOneLogHoldsBackOnlyThatLog() {
        try (Producer<byte[], byte[]> first = stage("sequencer", 0);
                Producer<byte[], byte[]> second = stage("sequencer", 1)) {
            write(first, Topics.SEQUENCED, 0, 0, 3, true);
            second.beginTransaction();
            send(second, Topics.SEQUENCED, 1, 0);
            second.flush();
            try (TopicEnd end = end(Topics.SEQUENCED, 0)) {
                assertThat(end.newest()).map(EntryHeaders::sequence).contains(new SequenceNumber(2));
            }
            // The successor in log 0 fences its predecessor there, and nobody in log 1.
            try (Producer<byte[], byte[]> successor = stage("sequencer", 0)) {
                write(successor, Topics.SEQUENCED, 0, 3, 1, true);
            }
            second.commitTransaction();
        }
        try (TopicEnd end = end(Topics.SEQUENCED, 1)) {
            assertThat(end.newest()).map(EntryHeaders::sequence).contains(SequenceNumber.ZERO);
        }
    }

    @Test
    void aConsumerOfOneLogNeverSeesTheOther() {
        try (Producer<byte[], byte[]> producer = connection.producer("events");
                Consumer<byte[], byte[]> consumer =
                        connection.consumer("test", new TopicPartition(Topics.CHECKPOINTS, 1))) {
            for (int i = 0; i < 20; i++) {
                producer.send(new ProducerRecord<>(Topics.CHECKPOINTS, i % 2, ONE_STREAM, new byte[] {(byte) (i % 2)}));
            }
            producer.flush();
            consumer.seek(new TopicPartition(Topics.CHECKPOINTS, 1), 0);
            int seen = 0;
            while (seen < 10) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(10))) {
                    assertThat(record.partition()).isEqualTo(1);
                    assertThat(record.value()).containsExactly(1);
                    seen++;
                }
            }
        }
    }

    private static Producer<byte[], byte[]> stage(String name, int log) {
        Producer<byte[], byte[]> producer = connection.transactionalProducer("terraseal-" + name + "-" + log);
        producer.initTransactions();
        return producer;
    }

    private static TopicEnd end(String topic, int log) {
        return TopicEnd.open(connection, "test", new TopicPartition(topic, log), InstantSource.system());
    }

    private static void write(
            Producer<byte[], byte[]> producer, String topic, int log, long from, int count, boolean commit) {
        producer.beginTransaction();
        for (long sequence = from; sequence < from + count; sequence++) {
            send(producer, topic, log, sequence);
        }
        if (commit) {
            producer.commitTransaction();
        } else {
            producer.flush();
            producer.abortTransaction();
        }
    }

    private static void send(Producer<byte[], byte[]> producer, String topic, int log, long sequence) {
        String statement = "log " + log + " entry " + sequence;
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, log, ONE_STREAM, statement.getBytes(StandardCharsets.UTF_8));
        new EntryHeaders(new SequenceNumber(sequence), sequence, Digest.of(Bytes.utf8(statement)))
                .addTo(record.headers());
        producer.send(record);
    }

    private static String statement(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.value(), StandardCharsets.UTF_8);
    }
}
