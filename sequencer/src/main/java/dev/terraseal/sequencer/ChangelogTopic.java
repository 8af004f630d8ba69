package dev.terraseal.sequencer;

import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.kafka.TopicSpec;
import dev.terraseal.kafka.Topics;
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

    /** Creates it if it is not there; what is lost with it is rebuilt from the log. */
    static void ensure(SequencerConfig config) {
        TopicSpec spec = new TopicSpec(
                name(config), config.logs().size(), config.replication(), settings(config.minInsync()), List.of());
        try (Admin admin = config.kafka().admin(config.applicationId() + "-start")) {
            for (String created : new TopicAdmin(admin).create(List.of(spec))) {
                LOG.info("action=create topic={}", created);
            }
        }
    }
}
