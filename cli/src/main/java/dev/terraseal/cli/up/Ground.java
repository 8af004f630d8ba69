package dev.terraseal.cli.up;

import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.embedded.registry.RegistryServer;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.keys.KeySources;
import dev.terraseal.schemas.TopicSchemas;
import dev.terraseal.sequencer.SchemaIds;
import dev.terraseal.store.ArchiveStore;
import java.time.Clock;

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
        int event = register(TopicSchemas.EVENT);
        int sequenced = register(TopicSchemas.SEQUENCED);
        int attestation = register(TopicSchemas.ATTESTATION);
        int outcome = register(TopicSchemas.OUTCOME);
        return new Ids(attestation, new SchemaIds(event, sequenced, outcome, register(TopicSchemas.REJECTED)));
    }

    /** The registry's ids of our schemas. */
    record Ids(int attestation, SchemaIds sequencer) {}

    private int register(TopicSchemas schema) {
        return registry.register(schema.subject(TOPIC_PREFIX), schema.text());
    }
}
