package dev.terraseal.kafka;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a reader is from the end of what it reads. A stage is well while {@code next} grows or {@code behind()} is 0;
 * the state a library reports of itself is not evidence of that.
 *
 * @param next the offset to be read next
 * @param end one past the last offset
 */
public record Lag(TopicPartition partition, long next, long end) {

    /** Offsets still to read, transaction markers included: at rest after a transaction it is 0 or 1. */
    public long behind() {
        return Math.max(0, end - next);
    }

    /** That of a consumer group, by its committed offset; empty while it has none. */
    public static Optional<Lag> ofGroup(Admin admin, String group, TopicPartition partition) {
        Map<TopicPartition, OffsetAndMetadata> committed = TopicAdmin.get(
                admin.listConsumerGroupOffsets(Map.of(group, new ListConsumerGroupOffsetsSpec()))
                        .partitionsToOffsetAndMetadata(group),
                "say how far group " + group + " came");
        OffsetAndMetadata next = committed.get(partition);
        return next == null ? Optional.empty() : Optional.of(of(admin, partition, next.offset()));
    }

    public static Lag of(Admin admin, TopicPartition partition, long next) {
        long end = TopicAdmin.get(
                        admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                                .partitionResult(partition),
                        "say where " + partition + " ends")
                .offset();
        return new Lag(partition, next, end);
    }
}
