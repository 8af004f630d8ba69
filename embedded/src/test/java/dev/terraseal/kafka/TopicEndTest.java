package dev.terraseal.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.embedded.TestBroker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In module embedded, because the broker it needs depends on the module it tests. */
class TopicEndTest {
    private static final AtomicInteger TOPICS = new AtomicInteger();
    private static TestBroker broker;
    private static KafkaConnection connection;

    private TopicPartition partition;

    @BeforeAll
    static void startBroker() {
        broker = TestBroker.start();
        connection = new KafkaConnection(broker.bootstrap(), Map.of());
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void newTopic() throws Exception {
        partition = new TopicPartition("end-" + TOPICS.incrementAndGet(), 0);
        try (Admin admin = connection.admin("test")) {
            admin.createTopics(List.of(new NewTopic(partition.topic(), 1, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void anEmptyTopicHasNoNewestRecord() {
        try (TopicEnd end = open()) {
            assertThat(end.end()).isZero();
            assertThat(end.newest()).isEmpty();
            assertThat(end.offsetOf(SequenceNumber.ZERO)).isEmpty();
        }
    }

    @Test
    void theNewestCommittedRecordIsFoundBehindMarkersAndAbortedTransactions() {
        try (Producer<byte[], byte[]> producer = transactional("signer")) {
            commit(producer, 0, 3);
            abort(producer, 3, 2_000);
        }
        try (TopicEnd end = open()) {
            assertThat(end.end()).isGreaterThan(2_000);
            assertThat(end.newest()).map(EntryHeaders::sequence).contains(new SequenceNumber(2));
            List<Long> sequences = new ArrayList<>();
            end.readFrom(
                    0, record -> sequences.add(EntryHeaders.sequence(record).value()));
            assertThat(sequences).containsExactly(0L, 1L, 2L);
        }
    }

    @Test
    void aTopicOfNothingButAbortedRecordsIsEmpty() {
        try (Producer<byte[], byte[]> producer = transactional("signer")) {
            abort(producer, 0, 10);
        }
        try (TopicEnd end = open()) {
            assertThat(end.end()).isEqualTo(11);
            assertThat(end.newest()).isEmpty();
        }
    }

    @Test
    void anOpenTransactionIsWaitedForUntilItIsCommitted() throws Exception {
        try (Producer<byte[], byte[]> producer = transactional("signer")) {
            commit(producer, 0, 1);
            producer.beginTransaction();
            send(producer, 1);
            producer.flush();
            CompletableFuture<SequenceNumber> newest = CompletableFuture.supplyAsync(() -> {
                try (TopicEnd end = open()) {
                    assertThat(end.end()).isEqualTo(3);
                    return EntryHeaders.sequence(end.newest().orElseThrow());
                }
            });
            assertThatThrownBy(() -> newest.get(1, TimeUnit.SECONDS))
                    .as("sequence 0 would be the beginning of a fork")
                    .isInstanceOf(java.util.concurrent.TimeoutException.class);
            producer.commitTransaction();
            assertThat(newest.get(30, TimeUnit.SECONDS)).isEqualTo(new SequenceNumber(1));
        }
    }

    @Test
    void aClockThatIsSetOrAMachineThatSleptIsNoWaiting() throws Exception {
        for (Duration jump : List.of(Duration.ofHours(1), Duration.ofHours(-1))) {
            try (Producer<byte[], byte[]> producer = transactional("signer")) {
                producer.beginTransaction();
                send(producer, 0);
                producer.flush();
                AtomicInteger asked = new AtomicInteger();
                InstantSource set = () -> asked.incrementAndGet() > 3
                        ? InstantSource.system().instant().plus(jump)
                        : InstantSource.system().instant();
                CompletableFuture<Boolean> found = CompletableFuture.supplyAsync(() -> {
                    try (TopicEnd end = TopicEnd.open(connection, "test", partition, set, Duration.ofSeconds(30))) {
                        return end.newest().isPresent();
                    }
                });
                while (asked.get() < 6 && !found.isDone()) {
                    TimeUnit.MILLISECONDS.sleep(20);
                }
                producer.commitTransaction();
                assertThat(found.get(30, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @Test
    void aTransactionThatStaysOpenIsNamed() {
        try (Producer<byte[], byte[]> producer = transactional("signer")) {
            commit(producer, 0, 1);
            producer.beginTransaction();
            send(producer, 1);
            producer.flush();
            try (TopicEnd end =
                    TopicEnd.open(connection, "test", partition, InstantSource.system(), Duration.ofSeconds(1))) {
                assertThatThrownBy(end::newest)
                        .isInstanceOf(UndecidedTransactionException.class)
                        .hasMessageContaining("offset 2 of " + partition.topic());
            }
            producer.abortTransaction();
        }
    }

    @Test
    void fencingDecidesTheTransactionOfTheDeadAtOnce() {
        try (Producer<byte[], byte[]> dead = transactional("signer")) {
            dead.beginTransaction();
            send(dead, 0);
            dead.flush();
            try (Producer<byte[], byte[]> successor = transactional("signer");
                    TopicEnd end = open()) {
                assertThat(end.newest()).isEmpty();
                commit(successor, 0, 1);
            }
            assertThatThrownBy(dead::commitTransaction).isInstanceOf(ProducerFencedException.class);
        }
    }

    @Test
    void everySequenceIsFoundByItsHeader() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int next = 0;
        try (Producer<byte[], byte[]> producer = transactional("signer")) {
            while (next < 400) {
                int count = 1 + random.nextInt(20);
                if (random.nextInt(3) == 0) {
                    abort(producer, next, count);
                } else {
                    commit(producer, next, count);
                    next += count;
                }
            }
        }
        try (TopicEnd end = open()) {
            for (int sequence = 0; sequence < next; sequence += 1 + random.nextInt(40)) {
                long offset = end.offsetOf(new SequenceNumber(sequence)).orElseThrow();
                List<SequenceNumber> found = new ArrayList<>();
                end.readFrom(offset, record -> found.add(EntryHeaders.sequence(record)));
                assertThat(found.get(0).value()).as("seed %d", seed).isEqualTo(sequence);
                assertThat(found).as("seed %d", seed).hasSize(next - sequence);
            }
            assertThat(end.offsetOf(new SequenceNumber(next))).isEmpty();
        }
    }

    @Test
    void aTrimmedTopicBeginsWhereItWasTrimmed() throws Exception {
        try (Producer<byte[], byte[]> producer = transactional("signer")) {
            commit(producer, 0, 10);
            commit(producer, 10, 10);
        }
        try (Admin admin = connection.admin("test")) {
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(5)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        try (TopicEnd end = open()) {
            assertThat(end.begin()).isEqualTo(5);
            assertThat(end.offsetOf(new SequenceNumber(4))).isEmpty();
            assertThat(end.offsetOf(new SequenceNumber(5))).contains(5L);
            assertThat(end.newest()).map(EntryHeaders::sequence).contains(new SequenceNumber(19));
        }
    }

    @Test
    void aSearchPassesOverWhatIsNotOursAndAReaderMeetsIt() {
        stranger();
        try (Producer<byte[], byte[]> producer = transactional("signer")) {
            commit(producer, 0, 3);
            stranger();
            commit(producer, 3, 2_000);
        }
        stranger();
        try (TopicEnd end = open()) {
            assertThat(end.oldestEntry()).map(ConsumerRecord::offset).contains(1L);
            assertThat(end.newestEntry()).map(EntryHeaders::sequence).contains(new SequenceNumber(2_002));
            assertThat(end.newest()).map(ConsumerRecord::offset).contains(end.end() - 1);
            for (long sequence : new long[] {0, 2, 3, 2_002}) {
                assertThat(end.find(new SequenceNumber(sequence)).map(EntryHeaders::sequence))
                        .contains(new SequenceNumber(sequence));
            }
            assertThat(end.offsetOf(new SequenceNumber(2_003))).isEmpty();
            assertThatThrownBy(() -> end.readFrom(1, EntryHeaders::of))
                    .isInstanceOf(ForeignRecordException.class)
                    // Beside the marker, which a commit does not wait for.
                    .hasMessageMatching(".*offset [45] of " + partition.topic() + " .*");
        }
    }

    private void stranger() {
        try (Producer<byte[], byte[]> producer = connection.producer("stranger")) {
            producer.send(new ProducerRecord<>(partition.topic(), 0, null, "hello".getBytes()));
            producer.flush();
        }
    }

    private TopicEnd open() {
        return TopicEnd.open(connection, "test", partition, InstantSource.system());
    }

    private Producer<byte[], byte[]> transactional(String id) {
        Producer<byte[], byte[]> producer = connection.transactionalProducer(id + "-" + partition.topic());
        producer.initTransactions();
        return producer;
    }

    private void commit(Producer<byte[], byte[]> producer, int first, int count) {
        producer.beginTransaction();
        for (int i = 0; i < count; i++) {
            send(producer, first + i);
        }
        producer.commitTransaction();
    }

    private void abort(Producer<byte[], byte[]> producer, int first, int count) {
        producer.beginTransaction();
        for (int i = 0; i < count; i++) {
            send(producer, first + i);
        }
        producer.flush();
        producer.abortTransaction();
    }

    private void send(Producer<byte[], byte[]> producer, long sequence) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(partition.topic(), 0, null, ("statement " + sequence).getBytes());
        new EntryHeaders(new SequenceNumber(sequence), sequence, Digest.of(Bytes.utf8("statement " + sequence)))
                .addTo(record.headers());
        producer.send(record);
    }
}
