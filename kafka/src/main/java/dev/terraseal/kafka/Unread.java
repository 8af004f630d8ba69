package dev.terraseal.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How many committed records lie behind the place a reader has come to. A consumer knows that of its last fetch only, so its
 * word stands still as soon as the reader waits for a key or a store and polls no more. Kafka is asked instead, by a client
 * of its own, when somebody wants to know and at most once a second. {@link #polled} is for the reader's thread, the rest
 * for any.
 */
public final class Unread implements AutoCloseable {
    private static final Duration FRESH = Duration.ofSeconds(1);
    /** Whoever draws a curve must not hang because Kafka does. */
    private static final Duration ANSWER = Duration.ofMillis(500);

    private final KafkaConnection connection;
    private final String clientId;
    private final TopicPartition partition;
    /** Also what the reader saw: without an answer yet, nobody must be told that nothing waits. */
    private volatile long seen;

    private @Nullable Admin admin;
    private @Nullable KafkaFuture<ListOffsetsResultInfo> question;
    private boolean closed;
    private long asked;
    private long end;

    /** Nothing is asked, and no client made, before somebody wants to know. */
    public Unread(KafkaConnection connection, String clientId, TopicPartition partition) {
        this.connection = connection;
        this.clientId = clientId;
        this.partition = partition;
        this.asked = System.nanoTime() - FRESH.toNanos();
    }

    /**
     * Where the reader is after a poll, markers passed over.
     *
     * @param lag what the consumer says of it
     * @param before where it was
     */
    public long polled(ConsumerRecords<byte[], byte[]> records, OptionalLong lag, long before) {
        long place = before;
        for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
            place = record.offset() + 1;
        }
        OffsetAndMetadata next = records.nextOffsets().get(partition);
        place = next == null ? place : next.offset();
        if (lag.isPresent()) {
            seen = place + lag.getAsLong();
        }
        return place;
    }

    /** Records from that offset on, transaction markers included; as was known last where Kafka does not answer. */
    public long from(long offset) {
        return Math.max(0, Math.max(end(), seen) - offset);
    }

    private synchronized long end() {
        if (closed || System.nanoTime() - asked < FRESH.toNanos()) {
            return end;
        }
        try {
            // One that was not answered in time is waited for again: questions must not pile up at a Kafka that is
            // away.
            KafkaFuture<ListOffsetsResultInfo> awaited = question == null ? ask() : question;
            question = awaited;
            end = awaited.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS).offset();
            question = null;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException silent) {
            // What was known stands.
        } catch (ExecutionException | KafkaException refused) {
            question = null;
        }
        asked = System.nanoTime();
        return end;
    }

    private KafkaFuture<ListOffsetsResultInfo> ask() {
        Admin asking = admin == null ? connection.admin(clientId) : admin;
        admin = asking;
        return asking.listOffsets(
                        Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .partitionResult(partition);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }
}
