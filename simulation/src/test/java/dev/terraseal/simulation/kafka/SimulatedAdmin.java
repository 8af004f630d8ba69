package dev.terraseal.simulation.kafka;

import dev.terraseal.kafka.Topics;
import dev.terraseal.simulation.Call;
import dev.terraseal.simulation.Life;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeProducersResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.SimulatedResults;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.internals.KafkaFutureImpl;

/** {@code Admin}, as far as the services use it. */
final class SimulatedAdmin implements InvocationHandler {
    private final Broker broker;
    private final Calls calls;
    private final StageCalls names;
    private final Life life;
    private final boolean stable;

    /** @param stable a planted bug: every end is that of read_committed, whatever was asked for */
    SimulatedAdmin(Broker broker, Calls calls, StageCalls names, Life life, boolean stable) {
        this.stable = stable;
        this.broker = broker;
        this.calls = calls;
        this.names = names;
        this.life = life;
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "close" -> null;
            case "describeTopics" -> describeTopics((Collection<?>) arguments[0]);
            case "listOffsets" -> listOffsets((Map<?, ?>) arguments[0], (ListOffsetsOptions) arguments[1]);
            case "listTopics" -> SimulatedResults.names(ask(names.topics(), () -> Set.of(Topics.ATTESTATIONS)));
            case "describeProducers" -> noneHangs((Collection<?>) arguments[0]);
            case "listConsumerGroupOffsets" ->
                committed((Map<?, ?>) arguments[0], (ListConsumerGroupOffsetsOptions) arguments[1]);
            case "describeConsumerGroups" -> describeGroup((Collection<?>) arguments[0]);
            case "removeMembersFromConsumerGroup" -> remove((RemoveMembersFromConsumerGroupOptions) arguments[1]);
            case "alterConsumerGroupOffsets" -> set((Map<?, ?>) arguments[1]);
            default -> throw new UnsupportedOperationException("no stand-in for Admin." + method.getName());
        };
    }

    private <T> KafkaFuture<T> ask(Call call, Calls.Effect<T, RuntimeException> effect) {
        if (call == null) {
            throw new UnsupportedOperationException(life + " asks for what has no row in the table of calls");
        }
        KafkaFutureImpl<T> future = new KafkaFutureImpl<>();
        try {
            future.complete(calls.make(life, call, effect, fault -> new TimeoutException(call + " met " + fault)));
        } catch (RuntimeException failed) {
            future.completeExceptionally(failed);
        }
        return future;
    }

    private Object describeTopics(Collection<?> topics) {
        Map<String, KafkaFuture<TopicDescription>> found = new HashMap<>();
        for (Object topic : topics) {
            String name = (String) topic;
            found.put(
                    name,
                    ask(
                            names.describe(),
                            () -> new TopicDescription(name, false, List.of(), Set.of(), broker.partition(name).id)));
        }
        return SimulatedResults.topics(found);
    }

    private Object listOffsets(Map<?, ?> asked, ListOffsetsOptions options) {
        Map<TopicPartition, KafkaFuture<ListOffsetsResult.ListOffsetsResultInfo>> found = new HashMap<>();
        asked.forEach((key, spec) -> {
            TopicPartition partition = (TopicPartition) key;
            found.put(partition, ask(names.end(), () -> {
                Partition there = broker.partition(partition.topic());
                long offset = spec instanceof OffsetSpec.EarliestSpec
                        ? 0
                        : stable || options.isolationLevel() == IsolationLevel.READ_COMMITTED
                                ? there.stable()
                                : there.end();
                return new ListOffsetsResult.ListOffsetsResultInfo(offset, -1, Optional.empty());
            }));
        });
        return new ListOffsetsResult(found);
    }

    /** The coordinator here marks late and never skips: what is open once its writer is fenced gets its marker. */
    private Object noneHangs(Collection<?> partitions) {
        Map<TopicPartition, KafkaFuture<DescribeProducersResult.PartitionProducerState>> found = new HashMap<>();
        for (Object partition : partitions) {
            found.put(
                    (TopicPartition) partition,
                    ask(names.producers(), () -> new DescribeProducersResult.PartitionProducerState(List.of())));
        }
        return SimulatedResults.producers(found);
    }

    private Object committed(Map<?, ?> groups, ListConsumerGroupOffsetsOptions options) {
        String group = (String) groups.keySet().iterator().next();
        return SimulatedResults.offsets(group, ask(names.committed(), () -> {
            // The client asks again while the broker says UNSTABLE_OFFSET_COMMIT.
            while (options.requireStable() && !broker.group().stable()) {
                calls.idle(life, 100);
                broker.work(1);
            }
            long committed = broker.group().committed();
            return committed < 0
                    ? Map.of()
                    : Map.of(new TopicPartition(Topics.EVENTS, 0), new OffsetAndMetadata(committed));
        }));
    }

    private Object describeGroup(Collection<?> groups) {
        String group = (String) groups.iterator().next();
        String member = broker.group().member();
        KafkaFuture<ConsumerGroupDescription> found = ask(names.describe(), () -> {
            if (member == null && broker.group().committed() < 0) {
                throw new GroupIdNotFoundException("no group " + group);
            }
            List<MemberDescription> members = member == null
                    ? List.of()
                    : List.of(new MemberDescription(
                            member,
                            Optional.of(member),
                            Optional.empty(),
                            "client",
                            "host",
                            null,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()));
            return new ConsumerGroupDescription(
                    group,
                    false,
                    members,
                    "",
                    GroupType.CLASSIC,
                    member == null ? GroupState.EMPTY : GroupState.STABLE,
                    Node.noNode(),
                    Set.of(),
                    Optional.empty(),
                    Optional.empty());
        });
        return new org.apache.kafka.clients.admin.DescribeConsumerGroupsResult(Map.of(group, found));
    }

    private Object remove(RemoveMembersFromConsumerGroupOptions options) {
        return SimulatedResults.removed(
                ask(names.setOffset(), () -> {
                    for (MemberToRemove member : options.members()) {
                        broker.group().remove(member.groupInstanceId());
                    }
                    return Map.of();
                }),
                options.members());
    }

    private Object set(Map<?, ?> offsets) {
        return SimulatedResults.altered(ask(names.setOffset(), () -> {
            if (broker.group().member() != null) {
                throw new UnknownMemberIdException("the group is not empty");
            }
            offsets.forEach((partition, offset) -> broker.group().set(((OffsetAndMetadata) offset).offset()));
            return Map.of();
        }));
    }
}
