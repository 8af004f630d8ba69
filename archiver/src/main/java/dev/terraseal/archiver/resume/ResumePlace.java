package dev.terraseal.archiver.resume;

import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.Topics;
import org.apache.kafka.common.TopicPartition;

/**
 * The topics a log is taken up on.
 *
 * @param partition of every topic: the log's
 * @param sequencedSchema the registry's id of the schema of {@code sequenced}
 * @param attestationSchema likewise of {@code attestations}
 * @param group the sequencer's consumer group, which must be at rest
 * @param changelog the topic behind the sequencer's state store, which must be empty or not there
 */
public record ResumePlace(
        KafkaConnection kafka,
        int partition,
        int sequencedSchema,
        int attestationSchema,
        String group,
        String changelog) {

    TopicPartition sequenced() {
        return new TopicPartition(Topics.SEQUENCED, partition);
    }

    TopicPartition attestations() {
        return new TopicPartition(Topics.ATTESTATIONS, partition);
    }

    TopicPartition checkpoints() {
        return new TopicPartition(Topics.CHECKPOINTS, partition);
    }
}
