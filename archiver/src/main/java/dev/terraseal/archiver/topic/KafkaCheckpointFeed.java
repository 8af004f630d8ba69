package dev.terraseal.archiver.topic;

import dev.terraseal.archiver.ArchiverStoppedException;
import dev.terraseal.archiver.Patience;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.kafka.CheckpointNotes;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.KafkaUnavailableException;
import dev.terraseal.kafka.TopicEnd;
import dev.terraseal.kafka.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;

/** {@code terraseal.checkpoints} of one log: the key is the origin, the value the note. */
public final class KafkaCheckpointFeed implements CheckpointFeed {
    private static final String CLIENT = "terraseal-archiver-checkpoints";
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final KafkaConnection connection;
    private final TopicPartition partition;
    private final LogOrigin origin;
    private final Patience patience;
    private final InstantSource clock;
    private final Producer<byte[], byte[]> producer;

    public KafkaCheckpointFeed(
            KafkaConnection connection, int logPartition, LogOrigin origin, Patience patience, InstantSource clock) {
        this.connection = connection;
        this.partition = new TopicPartition(Topics.CHECKPOINTS, logPartition);
        this.origin = origin;
        this.patience = patience;
        this.clock = clock;
        this.producer = connection.producer(CLIENT + "-" + logPartition);
    }

    @Override
    public void publish(Bytes note) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                partition.topic(),
                partition.partition(),
                Bytes.utf8(origin.value()).toByteArray(),
                note.toByteArray());
        patience.until(KafkaUnavailableException.class, passing -> true, () -> send(record));
    }

    private boolean send(ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record).get();
            return true;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new ArchiverStoppedException("interrupted while a checkpoint was announced", stopping);
        } catch (ExecutionException failed) {
            throw refused(failed.getCause() == null ? failed : failed.getCause());
        } catch (TimeoutException noMetadata) {
            throw refused(noMetadata);
        }
    }

    private RuntimeException refused(Throwable cause) {
        String what = "Kafka did not take a checkpoint on " + partition + ": " + cause.getMessage();
        return cause instanceof RetriableException
                ? new KafkaUnavailableException(what, cause)
                : new ArchiverStoppedException(what + "; check the permissions of the archiver on that topic", cause);
    }

    @Override
    public List<Bytes> last() {
        try (TopicEnd end = TopicEnd.open(connection, CLIENT + "-end-" + partition.partition(), partition, clock)) {
            return CheckpointNotes.last(end);
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
