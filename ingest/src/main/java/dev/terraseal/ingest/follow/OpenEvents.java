package dev.terraseal.ingest.follow;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.KafkaUnavailableException;
import dev.terraseal.kafka.Topics;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether any event Kafka has is still on its way into the log, whoever sent it: only if none is, "no such event" is true.
 * What one process remembers of its own sends is not enough, for it may have restarted, and others send too. No client is
 * made before somebody asks.
 */
public final class OpenEvents implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenEvents.class);
    private static final byte[] CONTROL = Bytes.utf8(StreamId.LOG.value()).toByteArray();
    private static final long STEP_MILLIS = 50;

    private final KafkaConnection kafka;
    private final TopicPartition events;
    private final TopicPartition outcomes;
    private final String clientId;
    private final SettledEvents settled;
    private final LongSupplier outcomesRead;
    private final ReentrantLock turn = new ReentrantLock();
    private @Nullable Admin admin;
    private @Nullable Consumer<byte[], byte[]> reader;
    private boolean closed;
    /** Everything below is settled; what lies there is an event that is not, or it is not known yet what it is. */
    private long settledBelow;

    private boolean eventLiesThere;

    /** @param outcomesRead the offset on {@code terraseal.outcomes} below which everything went by */
    OpenEvents(KafkaConnection kafka, int partition, SettledEvents settled, LongSupplier outcomesRead) {
        this.kafka = kafka;
        this.events = new TopicPartition(Topics.EVENTS, partition);
        this.outcomes = new TopicPartition(Topics.OUTCOMES, partition);
        this.clientId = "terraseal-ingest-events-" + partition;
        this.settled = settled;
        this.outcomesRead = outcomesRead;
    }

    /**
     * Whether everything that was on {@code terraseal.events} when this was called has become an entry, a duplicate or a
     * rejection, and went by here; false also where it is not known within {@code limit}.
     */
    public boolean none(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            long end = -1;
            long outcomesEnd = -1;
            do {
                if (!turn.tryLock(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    return false;
                }
                try {
                    end = end < 0 ? end(events, deadline) : end;
                    // Asked after the events are settled: what became of each is there by then.
                    outcomesEnd = outcomesEnd < 0 && allSettled(end, deadline) ? end(outcomes, deadline) : outcomesEnd;
                } finally {
                    turn.unlock();
                }
                if (outcomesEnd >= 0 && outcomesRead.getAsLong() >= outcomesEnd) {
                    return true;
                }
                Thread.sleep(STEP_MILLIS);
            } while (deadline - System.nanoTime() > 0);
        } catch (KafkaUnavailableException | KafkaException notNow) {
            LOG.warn(
                    "event=events-unknown topic={} reason=\"whether events are on their way is not known: {}; ingest needs to"
                            + " read that topic\"",
                    events.topic(),
                    notNow.getMessage());
        }
        return false;
    }

    private boolean allSettled(long end, long deadline) {
        if (eventLiesThere && !settled.isSettled(settledBelow)) {
            return false;
        }
        long from = Math.max(settledBelow, settled.signedThrough() + 1);
        if (from >= end) {
            return true;
        }
        return read(from, end, deadline);
    }

    /** False at the first event that is not settled. Control records need not have an output. */
    private boolean read(long from, long end, long deadline) {
        Consumer<byte[], byte[]> consumer = reader();
        consumer.seek(events, from);
        for (long position = from; position < end; ) {
            for (ConsumerRecord<byte[], byte[]> record : poll(consumer)) {
                boolean control = Arrays.equals(record.key(), CONTROL);
                if (record.offset() < end && !control && !settled.isSettled(record.offset())) {
                    settledBelow = record.offset();
                    eventLiesThere = true;
                    return false;
                }
            }
            if (deadline - System.nanoTime() < 0) {
                return false;
            }
            position = consumer.position(events, Duration.ofSeconds(2));
            settledBelow = Math.max(settledBelow, position);
            eventLiesThere = false;
        }
        return true;
    }

    private Iterable<ConsumerRecord<byte[], byte[]>> poll(Consumer<byte[], byte[]> consumer) {
        try {
            return consumer.poll(Duration.ofMillis(STEP_MILLIS));
        } catch (OffsetOutOfRangeException trimmed) {
            // Only what is archived is trimmed.
            consumer.seekToBeginning(List.of(events));
            return List.of();
        }
    }

    /** Past undecided records too: an event that was acknowledged may lie behind another producer's open transaction. */
    private long end(TopicPartition partition, long deadline) throws InterruptedException {
        if (admin == null) {
            requireOpen();
            admin = kafka.admin(clientId);
        }
        int limit = (int) Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
        try {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions().timeoutMs(limit))
                    .partitionResult(partition)
                    .get(limit, TimeUnit.MILLISECONDS)
                    .offset();
        } catch (ExecutionException | TimeoutException noAnswer) {
            throw new KafkaUnavailableException("Kafka did not say where " + partition + " ends", noAnswer);
        }
    }

    private Consumer<byte[], byte[]> reader() {
        if (reader == null) {
            requireOpen();
            reader = kafka.consumer(clientId, events);
        }
        return reader;
    }

    private void requireOpen() {
        if (closed) {
            throw new KafkaUnavailableException("the service is stopping");
        }
    }

    /** Whoever asks holds its turn for as long as it may wait, and no longer. */
    @Override
    public void close() {
        turn.lock();
        try {
            closed = true;
            if (admin != null) {
                admin.close(Duration.ofSeconds(1));
            }
            if (reader != null) {
                reader.close();
            }
        } finally {
            turn.unlock();
        }
    }
}
