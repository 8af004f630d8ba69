package dev.terraseal.sequencer;

import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;

/** Looks whether the topics are still such that they lose nothing, and as many as there are logs. */
@FunctionalInterface
public interface TopicsGuard {
    /**
     * Throws {@link dev.terraseal.kafka.UnsafeTopicsException} if they are not, and
     * {@link dev.terraseal.kafka.KafkaUnavailableException} if Kafka does not say.
     */
    void require();

    /** Against FORMATS section 11, with one partition for each configured log. */
    static TopicsGuard of(SequencerConfig config) {
        Topics wanted = new Topics(config.logs().size(), config.replication(), config.minInsync(), false);
        return () -> {
            try (Admin admin = config.kafka().admin(config.applicationId() + "-guard")) {
                new TopicAdmin(admin).requireSafe(wanted);
            }
        };
    }
}
