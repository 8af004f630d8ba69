package dev.terraseal.sequencer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.errors.StreamsException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WriterThreadTest {
    private static final TopicPartition EVENTS = new TopicPartition("events", 0);

    private final Slow kafka = new Slow();
    private final WriterThread writer = new WriterThread(kafka, "writer");
    private final List<Exception> told = new CopyOnWriteArrayList<>();

    /** Kafka's own stand-in, whose sends can be held up, and fail when they are made. */
    private static final class Slow extends MockProducer<byte[], byte[]> {
        private final AtomicInteger sends = new AtomicInteger();
        private volatile CountDownLatch open = new CountDownLatch(0);
        private volatile int failing = -1;
        private volatile RuntimeException failure = new KafkaException("unset");

        Slow() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
            try {
                open.await();
            } catch (InterruptedException closing) {
                throw new KafkaException("closed while sending", closing);
            }
            if (sends.getAndIncrement() == failing) {
                throw failure;
            }
            return super.send(record, callback);
        }

        @Override
        public void close(Duration timeout) {
            open.countDown();
            super.close(timeout);
        }
    }

    @BeforeEach
    void begin() {
        writer.initTransactions();
        writer.beginTransaction();
    }

    @AfterEach
    void close() {
        writer.close(Duration.ofSeconds(1));
    }

    private void send(int number) {
        send(number, (metadata, failed) -> {
            if (failed != null) {
                told.add(failed);
            }
        });
    }

    private void send(int number, @Nullable Callback callback) {
        byte[] value = ByteBuffer.allocate(1_000).putInt(number).array();
        writer.send(new ProducerRecord<>("sequenced", 0, null, value), callback);
    }

    @SuppressWarnings("removal") // what Kafka's consumer makes it with is closed to others
    private void commit(long next) {
        writer.flush();
        writer.sendOffsetsToTransaction(
                Map.of(EVENTS, new OffsetAndMetadata(next)), new ConsumerGroupMetadata("sequencer"));
        writer.commitTransaction();
    }

    private List<Integer> committed() {
        List<Integer> numbers = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> record : kafka.history()) {
            numbers.add(ByteBuffer.wrap(record.value()).getInt());
        }
        return numbers;
    }

    @Test
    void aTransactionHoldsAllThatWasSentInTheOrderItWasSent() {
        List<Integer> sent = new ArrayList<>();
        for (int transaction = 0; transaction < 3; transaction++) {
            for (int i = 0; i < 1_000; i++) {
                send(sent.size());
                sent.add(sent.size());
            }
            commit(sent.size());
            assertThat(committed()).isEqualTo(sent);
            writer.beginTransaction();
        }
        assertThat(kafka.consumerGroupOffsetsHistory()).hasSize(3);
        assertThat(told).isEmpty();
    }

    /** A producer in an error state refuses what comes after, and Streams may hear of it at the commit only. */
    @Test
    void whatAKafkaThatWasLateLostIsKnownAsThatAtTheCommit() {
        kafka.failing = 0;
        kafka.failure = new KafkaException("error state", new TimeoutException("9008 ms since batch creation"));
        send(0);
        writer.flush();
        assertThatThrownBy(writer::commitTransaction)
                .hasMessageContaining("not sent")
                .satisfies(thrown -> assertThat(
                                new Stalls(InstantSource.system()).another(new StreamsException("commit", thrown)))
                        .isTrue());
        writer.abortTransaction();
        writer.beginTransaction();
        send(1);
        commit(1);
        assertThat(committed()).containsExactly(1);
    }

    @Test
    void aSendThatFailsIsToldToItsCallbackAndNothingAfterItIsWrittenOrCommitted() {
        kafka.failing = 100;
        kafka.failure = new KafkaException("error state", new ProducerFencedException("another one"));
        for (int i = 0; i < 500; i++) {
            send(i);
        }
        writer.flush();
        assertThat(told).singleElement().isInstanceOf(ProducerFencedException.class);
        assertThat(kafka.sends).hasValue(101);
        assertThatThrownBy(writer::commitTransaction)
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("not sent");
        writer.abortTransaction();
        writer.beginTransaction();
        send(7);
        commit(1);
        assertThat(committed()).containsExactly(7);
    }

    @Test
    void aCallbackThatThrowsDoesNotEndTheThread() {
        kafka.failing = 0;
        send(0, (metadata, failed) -> {
            throw new IllegalStateException("deaf");
        });
        writer.flush();
        writer.abortTransaction();
        writer.beginTransaction();
        send(1);
        commit(1);
        assertThat(committed()).containsExactly(1);
    }

    @Test
    void whatWasNotWrittenWhenATransactionIsGivenUpIsNotWrittenInTheNextOne() throws InterruptedException {
        CountDownLatch gate = new CountDownLatch(1);
        kafka.open = gate;
        for (int i = 0; i < 300; i++) {
            send(i);
        }
        Thread abort = new Thread(writer::abortTransaction);
        abort.start();
        while (abort.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        gate.countDown();
        abort.join();
        writer.beginTransaction();
        send(300);
        commit(301);
        assertThat(committed()).containsExactly(300);
        assertThat(kafka.sends.get()).isLessThan(300);
    }

    @Test
    void aProducerThatDoesNotKeepUpHoldsTheSenderUpInsteadOfFillingMemory() throws InterruptedException {
        CountDownLatch gate = new CountDownLatch(1);
        kafka.open = gate;
        AtomicInteger sent = new AtomicInteger();
        Thread sender = new Thread(() -> {
            for (int i = 0; i < 10_000; i++) {
                send(i);
                sent.incrementAndGet();
            }
        });
        sender.start();
        while (sender.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(sent.get()).isLessThan(10 * 64);
        gate.countDown();
        sender.join();
        commit(10_000);
        assertThat(committed()).hasSize(10_000);
    }

    @Test
    void aSenderThatIsInterruptedWhileHeldUpCannotCommitWhatItCouldNotHandOn() throws InterruptedException {
        CountDownLatch gate = new CountDownLatch(1);
        kafka.open = gate;
        List<RuntimeException> thrown = new CopyOnWriteArrayList<>();
        Thread sender = new Thread(() -> {
            try {
                for (int i = 0; i < 10_000; i++) {
                    send(i);
                }
            } catch (RuntimeException interrupted) {
                thrown.add(interrupted);
            }
        });
        sender.start();
        while (sender.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        sender.interrupt();
        sender.join();
        gate.countDown();
        assertThat(thrown).singleElement().isInstanceOf(InterruptException.class);
        writer.flush();
        assertThatThrownBy(writer::commitTransaction)
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("not sent");
    }

    @Test
    void closingEndsASendThatHangsAndTheThread() throws InterruptedException {
        kafka.open = new CountDownLatch(1);
        for (int i = 0; i < 64; i++) {
            send(i);
        }
        writer.close(Duration.ofMillis(10));
        assertThat(kafka.closed()).isTrue();
        assertThat(threadEnds()).isTrue();
    }

    private static boolean threadEnds() throws InterruptedException {
        for (Thread each : Thread.getAllStackTraces().keySet()) {
            if (each.getName().equals("writer")) {
                each.join(TimeUnit.SECONDS.toMillis(10));
                if (each.isAlive()) {
                    return false;
                }
            }
        }
        return true;
    }
}
