package dev.terraseal.bench.pipeline;

import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A producer that offers what was made before, in an even pace or as fast as it is taken. */
final class Load {
    /** Events under way at most: a flood must not die of its own queue. */
    private static final int UNDER_WAY = 5_000;

    private Load() {}

    /** A producer as a busy pipeline has one: batches of up to 256 KiB, compressed, acknowledged by all. */
    static Producer<byte[], byte[]> producer(String bootstrap) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.LINGER_MS_CONFIG,
                        5,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        256 << 10,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** What was sent: offsets {@code [from, to)}, and when the first of them was sent. */
    record Sent(long from, long to, long begunNanos) {}

    interface Accepted {
        void at(long offset, long nanos);
    }

    /** @param perSecond 0 for as fast as they are taken */
    static Sent send(
            Producer<byte[], byte[]> producer, String topic, byte[][] values, int perSecond, Accepted onAccepted) {
        AtomicLong least = new AtomicLong(Long.MAX_VALUE);
        AtomicReference<@Nullable Exception> failed = new AtomicReference<>();
        LongConsumer note = offset -> {
            least.accumulateAndGet(offset, Math::min);
            onAccepted.at(offset, System.nanoTime());
        };
        Semaphore room = new Semaphore(UNDER_WAY);
        long begin = System.nanoTime();
        for (int i = 0; i < values.length; i++) {
            if (perSecond > 0) {
                for (long left = left(begin, i, perSecond); left > 0; left = left(begin, i, perSecond)) {
                    LockSupport.parkNanos(left);
                }
            }
            room.acquireUninterruptibly();
            Future<?> unused = producer.send(new ProducerRecord<>(topic, 0, null, values[i]), (metadata, broken) -> {
                room.release();
                if (broken == null) {
                    note.accept(metadata.offset());
                } else {
                    failed.compareAndSet(null, broken);
                }
            });
        }
        producer.flush();
        Exception broken = failed.get();
        if (broken != null) {
            throw new IllegalStateException("an event was not accepted", broken);
        }
        return new Sent(least.get(), least.get() + values.length, begin);
    }

    private static long left(long begin, int i, int perSecond) {
        return begin + i * 1_000_000_000L / perSecond - System.nanoTime();
    }
}
