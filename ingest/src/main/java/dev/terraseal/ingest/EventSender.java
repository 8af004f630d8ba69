package dev.terraseal.ingest;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.kafka.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Puts framed events on the topic of one log, in the order given. When it returns, each is on the in-sync replicas: that is
 * what 202 promises. The partition is explicit, because hashing a key would move streams between logs.
 */
public final class EventSender {
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final Producer<byte[], byte[]> producer;
    private final int partition;
    private volatile @Nullable String failure;

    public EventSender(Producer<byte[], byte[]> producer, int partition) {
        this.producer = producer;
        this.partition = partition;
    }

    /** An event ready to be sent. */
    public record Outgoing(StreamId stream, Bytes framed) {}

    /** The offsets of the events, in their order. After a failure it is unknown which of them were kept. */
    public List<Long> send(List<Outgoing> events) throws ProblemException, InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try {
            for (Outgoing event : events) {
                byte[] key = Bytes.utf8(event.stream().value()).toByteArray();
                sent.add(producer.send(new ProducerRecord<>(
                        Topics.EVENTS, partition, key, event.framed().toByteArray())));
            }
            List<Long> offsets = new ArrayList<>();
            for (Future<RecordMetadata> future : sent) {
                offsets.add(future.get(LIMIT.toSeconds(), TimeUnit.SECONDS).offset());
            }
            failure = null;
            return offsets;
        } catch (ExecutionException | TimeoutException | org.apache.kafka.common.KafkaException notConfirmed) {
            if (isOverload(notConfirmed)) {
                throw ProblemException.tooMany(
                        "more events are waiting for Kafka than there is room for; it is unknown which of these were kept:"
                                + " send the same ids again, each is kept once");
            }
            failure = notConfirmed.toString();
            throw ProblemException.unavailable("Kafka did not confirm in time (" + notConfirmed.getMessage()
                    + "); it is unknown whether the event was kept: send the same id again, it is kept once");
        } catch (IllegalStateException closed) {
            // Nothing is wrong with the brokers: the producer was closed under a request that was on its way.
            throw ProblemException.unavailable(
                    "the service is stopping; it is unknown whether the event was kept: send the same id again");
        }
    }

    /** The producer's memory is full. Where the brokers are at fault the records in it fail too, and say so. */
    private static boolean isOverload(Exception failed) {
        return failed instanceof BufferExhaustedException || failed.getCause() instanceof BufferExhaustedException;
    }

    /** Why the newest send was not confirmed; empty where it was, or nothing was sent yet. */
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }
}
