package dev.terraseal.sequencer;

import dev.terraseal.kafka.Topics;
import dev.terraseal.schemas.TopicSchemas;
import dev.terraseal.schemas.registry.RegistryClient;
import dev.terraseal.schemas.registry.RegistryUnavailableException;
import dev.terraseal.schemas.registry.SchemaRefusedException;
import java.util.EnumMap;
import java.util.Map;

/** The registry's ids of the schemas the sequencer reads and writes. */
public record SchemaIds(int event, int sequenced, int outcome, int rejected) {
    private static final String PREFIX = Topics.EVENTS.substring(0, Topics.EVENTS.indexOf('.'));

    /** Registers every schema of ours in the fixed order, which gives an empty registry the same ids everywhere. */
    public static SchemaIds registered(RegistryClient registry)
            throws RegistryUnavailableException, SchemaRefusedException {
        Map<TopicSchemas, Integer> ids = new EnumMap<>(TopicSchemas.class);
        for (TopicSchemas schema : TopicSchemas.inOrder()) {
            ids.put(schema, registry.register(schema.subject(PREFIX), schema.text()));
        }
        return new SchemaIds(
                ids.getOrDefault(TopicSchemas.EVENT, 0),
                ids.getOrDefault(TopicSchemas.SEQUENCED, 0),
                ids.getOrDefault(TopicSchemas.OUTCOME, 0),
                ids.getOrDefault(TopicSchemas.REJECTED, 0));
    }
}
