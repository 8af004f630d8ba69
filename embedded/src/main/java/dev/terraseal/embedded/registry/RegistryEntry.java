package dev.terraseal.embedded.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.terraseal.schemas.registry.Compatibility;
import dev.terraseal.schemas.registry.RegisteredSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One record of the registry's topic: a version of a subject, or a compatibility level. Keys are unique for ever, or for
 * a level the newest counts, so that compaction loses nothing.
 */
sealed interface RegistryEntry {
    ObjectMapper JSON = new ObjectMapper();

    byte[] key();

    byte[] value();

    record Version(RegisteredSchema schema) implements RegistryEntry {
        @Override
        public byte[] key() {
            return bytes(JSON.createObjectNode()
                    .put("kind", "version")
                    .put("subject", schema.subject())
                    .put("version", schema.version()));
        }

        @Override
        public byte[] value() {
            return bytes(JSON.createObjectNode().put("id", schema.id()).put("schema", schema.schema()));
        }
    }

    /** @param subject empty for the level of all subjects that have none of their own */
    record Level(String subject, Compatibility level) implements RegistryEntry {
        @Override
        public byte[] key() {
            return bytes(JSON.createObjectNode().put("kind", "level").put("subject", subject));
        }

        @Override
        public byte[] value() {
            return bytes(JSON.createObjectNode().put("level", level.name()));
        }
    }

    static RegistryEntry read(ConsumerRecord<byte[], byte[]> record) {
        JsonNode key = tree(record, record.key());
        JsonNode value = tree(record, record.value());
        String subject = key.path("subject").asText();
        return switch (key.path("kind").asText()) {
            case "version" ->
                new Version(new RegisteredSchema(
                        subject,
                        key.path("version").asInt(),
                        value.path("id").asInt(),
                        value.path("schema").asText()));
            case "level" ->
                new Level(
                        subject,
                        Compatibility.fromText(value.path("level").asText()).orElseThrow(() -> foreign(record, null)));
            default -> throw foreign(record, null);
        };
    }

    private static JsonNode tree(ConsumerRecord<byte[], byte[]> record, byte @Nullable [] bytes) {
        try {
            if (bytes == null) {
                throw foreign(record, null);
            }
            return JSON.readTree(bytes);
        } catch (IOException e) {
            throw foreign(record, e);
        }
    }

    private static IllegalStateException foreign(ConsumerRecord<byte[], byte[]> record, @Nullable Exception cause) {
        return new IllegalStateException(
                "the record at offset " + record.offset() + " of " + record.topic()
                        + " was not written by this registry; schema ids read from there could be wrong."
                        + " Find who writes to that topic and take the permission away",
                cause);
    }

    private static byte[] bytes(ObjectNode node) {
        try {
            return JSON.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("text that has no JSON form", e);
        }
    }
}
