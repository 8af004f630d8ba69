package org.apache.kafka.clients.admin;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.internals.CoordinatorKey;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.protocol.Errors;

/** Answers of {@code Admin} whose constructors Kafka keeps to its own package. */
public final class SimulatedResults {
    private SimulatedResults() {}

    public static DescribeTopicsResult topics(Map<String, KafkaFuture<TopicDescription>> found) {
        return DescribeTopicsResult.ofTopicNames(found);
    }

    public static ListTopicsResult names(KafkaFuture<Set<String>> names) {
        return new ListTopicsResult(names.thenApply(known -> {
            Map<String, TopicListing> found = new HashMap<>();
            known.forEach(name -> found.put(name, new TopicListing(name, Uuid.ZERO_UUID, false)));
            return found;
        }));
    }

    public static DescribeProducersResult producers(
            Map<TopicPartition, KafkaFuture<DescribeProducersResult.PartitionProducerState>> found) {
        return new DescribeProducersResult(found);
    }

    public static ListConsumerGroupOffsetsResult offsets(
            String group, KafkaFuture<Map<TopicPartition, OffsetAndMetadata>> offsets) {
        return new ListConsumerGroupOffsetsResult(Map.of(CoordinatorKey.byGroupId(group), offsets));
    }

    public static AlterConsumerGroupOffsetsResult altered(KafkaFuture<Map<TopicPartition, Errors>> done) {
        return new AlterConsumerGroupOffsetsResult(done);
    }

    public static RemoveMembersFromConsumerGroupResult removed(
            KafkaFuture<Map<MemberIdentity, Errors>> done, Set<MemberToRemove> members) {
        return new RemoveMembersFromConsumerGroupResult(done, members);
    }
}
