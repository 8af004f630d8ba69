package dev.terraseal.sequencer;

import dev.terraseal.core.log.KeyRing;
import dev.terraseal.kafka.KafkaUnavailableException;
import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.sequencer.start.StartDecision;
import dev.terraseal.sequencer.start.StartFacts;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what is found with what the group committed, before Streams starts: a processor cannot move its position, so
 * where the table says to go on elsewhere the group's offset is set here. {@link SequenceProcessor#init} asks again, with
 * the state store at hand.
 */
final class StartOffsets {
    private static final Logger LOG = LoggerFactory.getLogger(StartOffsets.class);

    private final SequencerConfig config;
    private final LogTopics topics;

    StartOffsets(SequencerConfig config, LogTopics topics) {
        this.config = config;
        this.topics = topics;
    }

    /** @throws SequencerStoppedException with the sentence of the table, where it says not to start */
    void settle() {
        Map<TopicPartition, OffsetAndMetadata> moved = new HashMap<>();
        for (int partition = 0; partition < config.logs().size(); partition++) {
            StartFacts facts =
                    topics.facts(partition, null, KeyRing.of(config.logs().get(partition)));
            StartDecision decision = StartDecision.of(withoutStore(facts));
            if (decision instanceof StartDecision.Stop stop) {
                throw new SequencerStoppedException(stop.sentence(), null);
            }
            if (decision instanceof StartDecision.GoOn goOn && goOn.setOffset()) {
                LOG.info(
                        "action=set-offset log={} partition={} from={} to={}",
                        facts.origin(),
                        partition,
                        facts.committed(),
                        goOn.source());
                moved.put(
                        new TopicPartition(config.topics().events(), partition), new OffsetAndMetadata(goOn.source()));
            }
        }
        if (!moved.isEmpty()) {
            set(moved);
        }
    }

    /** The store is not open yet; a trimmed topic may be covered by it, which init() finds out. */
    private static StartFacts withoutStore(StartFacts facts) {
        StartFacts.Output output = facts.output();
        return output == null
                ? facts
                : new StartFacts(
                        facts.origin(),
                        facts.partition(),
                        facts.topics(),
                        facts.events(),
                        new StartFacts.Output(0, output.last(), output.lastSource(), null),
                        null,
                        facts.committed(),
                        facts.unaccounted(),
                        facts.floor());
    }

    private void set(Map<TopicPartition, OffsetAndMetadata> offsets) {
        String group = config.applicationId();
        try (Admin admin = config.kafka().admin(group + "-start")) {
            Map<Boolean, List<MemberDescription>> members =
                    members(admin, group).stream().collect(Collectors.partitioningBy(this::isOwnFormerSelf));
            List<MemberDescription> others = members.getOrDefault(false, List.of());
            if (!others.isEmpty()) {
                // It commits while we look: what seems to lie behind is its last transaction. Where the partition comes
                // to us, init() looks again when that one is through.
                LOG.info("action=set-offset result=left group={} members={}", group, others.size());
                return;
            }
            remove(admin, group, members.getOrDefault(true, List.of()));
            TopicAdmin.get(admin.alterConsumerGroupOffsets(group, offsets).all(), "set the offset of group " + group);
        }
    }

    private static Collection<MemberDescription> members(Admin admin, String group) {
        try {
            ConsumerGroupDescription found = TopicAdmin.get(
                            admin.describeConsumerGroups(List.of(group)).all(), "describe group " + group)
                    .get(group);
            return found == null ? List.of() : found.members();
        } catch (KafkaUnavailableException unknown) {
            if (unknown.getCause() instanceof GroupIdNotFoundException) {
                return List.of();
            }
            throw unknown;
        }
    }

    /** By the name Streams gives a thread's member: instance {@code seq} is not the former self of {@code seq-2}. */
    private boolean isOwnFormerSelf(MemberDescription member) {
        Pattern ours = Pattern.compile(Pattern.quote(config.applicationId() + "-" + config.instance() + "-") + "\\d+");
        return member.groupInstanceId()
                .filter(instance -> ours.matcher(instance).matches())
                .isPresent();
    }

    /** A killed process stays a member until its session ends; an offset can be set only in an empty group. */
    private static void remove(Admin admin, String group, List<MemberDescription> former) {
        List<MemberToRemove> named = former.stream()
                .flatMap(member -> member.groupInstanceId().stream())
                .map(MemberToRemove::new)
                .toList();
        if (!named.isEmpty()) {
            TopicAdmin.get(
                    admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions(named))
                            .all(),
                    "remove the former member of group " + group);
        }
    }
}
