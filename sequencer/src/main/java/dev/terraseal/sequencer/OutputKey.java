package dev.terraseal.sequencer;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * The key of an output record, and the partition it must go to. Kafka's default would hash the key and put statements of
 * one log into the partition of another.
 */
final class OutputKey {
    private final Optional<Set<Integer>> partition;
    private final byte @Nullable [] bytes;

    /** @param partition one set for all records of a task, so that none is allocated per record */
    OutputKey(Optional<Set<Integer>> partition, byte @Nullable [] bytes) {
        this.partition = partition;
        this.bytes = bytes;
    }

    static Optional<Set<Integer>> partition(int partition) {
        return Optional.of(Set.of(partition));
    }

    static StreamPartitioner<OutputKey, byte[]> partitioner() {
        return (topic, key, value, partitions) -> key.partition;
    }

    @SuppressWarnings("NullAway") // a serialiser may answer null: the record then has no key
    static Serializer<OutputKey> serializer() {
        return (topic, key) -> key.bytes;
    }
}
