package dev.terraseal.sequencer;

import dev.terraseal.kafka.KafkaUnavailableException;
import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.sequencer.start.StartDecision;
import dev.terraseal.sequencer.start.StartFacts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;
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
            StartFacts facts = topics.facts(partition, null);
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
            removeOwnFormerSelf(admin, group);
            TopicAdmin.get(
                    admin.alterConsumerGroupOffsets(group, offsets).all(),
                    "set the offset of group " + group
                            + " (if another sequencer of this group is running, stop it first)");
        }
    }

    /** A killed process stays a member until its session ends; an offset can be set only in an empty group. */
    private void removeOwnFormerSelf(Admin admin, String group) {
        @Nullable ConsumerGroupDescription found;
        try {
            found = TopicAdmin.get(admin.describeConsumerGroups(List.of(group)).all(), "describe group " + group)
                    .get(group);
        } catch (KafkaUnavailableException unknown) {
            if (unknown.getCause() instanceof GroupIdNotFoundException) {
                return;
            }
            throw unknown;
        }
        if (found == null) {
            return;
        }
        String ours = group + "-" + config.instance() + "-";
        List<MemberToRemove> former = found.members().stream()
                .map(MemberDescription::groupInstanceId)
                .flatMap(java.util.Optional::stream)
                .filter(instance -> instance.startsWith(ours))
                .map(MemberToRemove::new)
                .toList();
        if (!former.isEmpty()) {
            TopicAdmin.get(
                    admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions(former))
                            .all(),
                    "remove the former member of group " + group);
        }
    }
}
