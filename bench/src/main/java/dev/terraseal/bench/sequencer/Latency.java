package dev.terraseal.bench.sequencer;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Milliseconds from the planned moment of a send to the moment a read_committed consumer has the output. */
final class Latency {
    private static final int RATE = 500;
    private static final int WARM_UP = 3 * RATE;

    private Latency() {}

    /** The median over {@code seconds}; the output has one record for each event, in the same order. */
    static double median(Stage stage, String events, String output, BenchEvents made, int seconds)
            throws InterruptedException {
        int count = WARM_UP + seconds * RATE;
        byte[][] values = new byte[count][];
        for (int i = 0; i < count; i++) {
            values[i] = made.next();
        }
        AtomicLongArray planned = new AtomicLongArray(count);
        long[] took = new long[count];
        AtomicBoolean failed = new AtomicBoolean();
        TopicPartition from = new TopicPartition(output, 0);
        Thread sender = new Thread(() -> send(stage, events, values, planned), "latency-sender");
        try (Consumer<byte[], byte[]> consumer = stage.kafka().consumer("latency", from)) {
            consumer.seekToEnd(java.util.List.of(from));
            consumer.position(from);
            sender.setUncaughtExceptionHandler((thread, broken) -> failed.set(true));
            sender.start();
            int received = 0;
            long deadline =
                    System.nanoTime() + Duration.ofSeconds(seconds + 60L).toNanos();
            while (received < count && !failed.get() && System.nanoTime() < deadline) {
                int arrived = consumer.poll(Duration.ofMillis(100)).count();
                long now = System.nanoTime();
                for (int i = 0; i < arrived; i++, received++) {
                    took[received] = now - planned.get(received);
                }
            }
            sender.join();
            if (received < count) {
                throw new IllegalStateException("only " + received + " of " + count + " events came out of " + output);
            }
        }
        long[] measured = Arrays.copyOfRange(took, WARM_UP, count);
        Arrays.sort(measured);
        return measured[measured.length / 2] / 1e6;
    }

    private static void send(Stage stage, String events, byte[][] values, AtomicLongArray planned) {
        try (KafkaProducer<byte[], byte[]> producer = stage.producer(0)) {
            producer.partitionsFor(events);
            long begin = System.nanoTime();
            for (int i = 0; i < values.length; i++) {
                long at = begin + i * 1_000_000_000L / RATE;
                for (long left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                planned.set(i, at);
                producer.send(new ProducerRecord<>(events, 0, null, values[i]));
            }
        }
    }
}
