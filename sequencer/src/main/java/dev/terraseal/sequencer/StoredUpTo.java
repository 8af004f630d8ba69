package dev.terraseal.sequencer;

import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicEnd;
import dev.terraseal.sequencer.state.ChunkCodec;
import java.time.InstantSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the sequencer's state store covers the log. What of {@code terraseal.sequenced} lies beyond it must stay there:
 * its ids and heads are nowhere else in Kafka, and a sequencer that finds it gone does not go on.
 */
public final class StoredUpTo {
    private StoredUpTo() {}

    /**
     * The sequence after the newest entry that the store's changelog covers; 0 where it covers none, also where its
     * beginning is gone.
     *
     * @param application of the sequencer ({@code sequencer.application})
     * @throws dev.terraseal.kafka.KafkaUnavailableException where Kafka does not answer, or has no such changelog
     */
    public static long read(KafkaConnection kafka, String application, int partition, InstantSource clock) {
        TopicPartition changelog = new TopicPartition(SequencerConfig.changelog(application), partition);
        try (TopicEnd end = TopicEnd.open(kafka, application + "-stored", changelog, clock)) {
            return end.begin() > 0
                    ? 0
                    : end.newest(StoredUpTo::isChunk)
                            .map(record -> ChunkCodec.decode(record.value()).next())
                            .orElse(0L);
        }
    }

    /** Not the deletion of a chunk of another version, nor such a chunk. */
    private static boolean isChunk(ConsumerRecord<byte[], byte[]> record) {
        return record.value() != null && ChunkCodec.isOfThisVersion(record.value());
    }
}
