package dev.terraseal.cli.up;

import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.embedded.registry.RegistryServer;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.kafka.Topics;
import dev.terraseal.keys.KeySources;
import dev.terraseal.schemas.TopicSchemas;
import dev.terraseal.sequencer.SchemaIds;
import dev.terraseal.store.ArchiveStore;
import java.time.Clock;
import org.apache.kafka.clients.admin.Admin;

/** What every service of the stack stands on: the log, Kafka with its topics, the archive, the keys, the registry. */
record Ground(
        LogDeclaration log,
        KafkaConnection kafka,
        ArchiveStore archive,
        KeySources keys,
        RegistryServer registry,
        DataDirectory data,
        Clock clock) {
    /** The one log of {@code up}. */
    static final int PARTITION = 0;

    static final int LOGS = 1;

    private static final String TOPIC_PREFIX = "terraseal";

    /** Our schemas in their fixed order, so that an empty registry gives them the same ids everywhere. */
    Ids register() {
        return register(registry);
    }

    static Ids register(RegistryServer registry) {
        int event = register(registry, TopicSchemas.EVENT);
        int sequenced = register(registry, TopicSchemas.SEQUENCED);
        int attestation = register(registry, TopicSchemas.ATTESTATION);
        int outcome = register(registry, TopicSchemas.OUTCOME);
        int rejected = register(registry, TopicSchemas.REJECTED);
        return new Ids(attestation, new SchemaIds(event, sequenced, outcome, rejected));
    }

    /** Those that are missing, with the settings of a single broker. */
    static void createTopics(KafkaConnection kafka) {
        Topics wanted = Topics.embedded(Ground.LOGS);
        try (Admin admin = kafka.admin("terraseal-up-topics")) {
            TopicAdmin topics = new TopicAdmin(admin);
            topics.create(wanted.specs());
            topics.requireSafe(wanted);
        }
    }

    /** The registry's ids of our schemas. */
    record Ids(int attestation, SchemaIds sequencer) {}

    private static int register(RegistryServer registry, TopicSchemas schema) {
        return registry.register(schema.subject(TOPIC_PREFIX), schema.text());
    }
}
