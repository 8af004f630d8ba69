package dev.terraseal.sequencer;

import dev.terraseal.kafka.SettingDemand;
import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.kafka.TopicFinding;
import dev.terraseal.kafka.TopicSpec;
import dev.terraseal.kafka.Topics;
import dev.terraseal.kafka.UnsafeTopicsException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic behind the store of chunks. Streams makes it when a group is formed, but not when a static member comes back
 * to a group that still has its assignment: a topic lost in between would be waited for in silence.
 */
final class ChangelogTopic {
    private static final Logger LOG = LoggerFactory.getLogger(ChangelogTopic.class);

    private ChangelogTopic() {}

    static String name(SequencerConfig config) {
        return SequencerConfig.changelog(config.applicationId());
    }

    static Map<String, String> settings(int minInsync) {
        Map<String, String> settings = new HashMap<>();
        // Keys are written once. Compaction would find nothing; deletion by age would forget ids.
        settings.put("cleanup.policy", "delete");
        settings.put("retention.ms", "-1");
        settings.put("retention.bytes", "-1");
        settings.put("min.insync.replicas", Integer.toString(minInsync));
        settings.put("unclean.leader.election.enable", "false");
        settings.put("max.message.bytes", Integer.toString(Topics.MAX_RECORD_BYTES));
        return settings;
    }

    /**
     * Creates it if it is not there; what is lost with it is rebuilt from the log. One that is there and may lose its
     * beginning would be found out only when the state directory is lost too.
     *
     * @throws UnsafeTopicsException if the topic that is there could lose chunks
     */
    static void ensure(SequencerConfig config) {
        TopicSpec spec = new TopicSpec(
                name(config),
                config.logs().size(),
                config.replication(),
                settings(config.minInsync()),
                demands(config.minInsync()));
        try (Admin admin = config.kafka().admin(config.applicationId() + "-start")) {
            TopicAdmin topics = new TopicAdmin(admin);
            for (String created : topics.create(List.of(spec))) {
                LOG.info("action=create topic={}", created);
            }
            List<TopicFinding> findings = topics.check(List.of(spec));
            if (!findings.isEmpty()) {
                throw new UnsafeTopicsException(findings);
            }
        }
    }

    private static List<SettingDemand> demands(int minInsync) {
        String deleted = "ids and stream heads are gone with the state directory";
        return List.of(
                new SettingDemand("cleanup.policy", "delete", false, deleted),
                new SettingDemand("retention.ms", "-1", true, deleted),
                new SettingDemand("retention.bytes", "-1", true, deleted),
                new SettingDemand(
                        "min.insync.replicas", Integer.toString(minInsync), true, "a chunk may be on one machine only"),
                new SettingDemand(
                        "unclean.leader.election.enable", "false", false, "a replica that lacks chunks may take over"),
                new SettingDemand(
                        "max.message.bytes",
                        Integer.toString(Topics.MAX_RECORD_BYTES),
                        true,
                        "a chunk the broker refuses ends the transaction for good, and the log stands still"));
    }
}
