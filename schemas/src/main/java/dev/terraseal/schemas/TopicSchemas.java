package dev.terraseal.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Our schemas, one a topic, in the order in which they are registered: an empty registry that counts from 1 gives them
 * the same ids everywhere. {@code terraseal.checkpoints} carries signed notes and has none.
 */
public enum TopicSchemas {
    EVENT("events", "digests", "terraform", "evidence", "source", "event"),
    SEQUENCED("sequenced", "digests", "sequenced"),
    ATTESTATION("attestations", "digests", "attestation"),
    OUTCOME("outcomes", "digests", "outcome"),
    REJECTED("rejected", "digests", "rejected");

    private final String topic;

    @SuppressWarnings("ImmutableEnumChecker") // Avro does not declare its schemas immutable; nobody changes ours
    private final Schema schema;

    TopicSchemas(String topic, String... files) {
        this.topic = topic;
        this.schema = parse(files);
    }

    public Schema schema() {
        return schema;
    }

    /** The whole schema in one JSON text, every type defined where it is first used. */
    public String text() {
        return schema.toString();
    }

    /** The subject under TopicNameStrategy, for topics of this name prefix ({@code terraseal}). */
    public String subject(String topicPrefix) {
        return topicPrefix + "." + topic + "-value";
    }

    /** All of them, in registration order. */
    public static List<TopicSchemas> inOrder() {
        return List.of(values());
    }

    private static Schema parse(String... files) {
        Schema.Parser parser = new Schema.Parser();
        Schema last = null;
        for (String file : files) {
            last = parser.parse(read(file + ".avsc"));
        }
        if (last == null) {
            throw new IllegalStateException("a topic without a schema file");
        }
        return last;
    }

    private static String read(String file) {
        try (InputStream in = TopicSchemas.class.getResourceAsStream("/dev/terraseal/schemas/" + file)) {
            if (in == null) {
                throw new IllegalStateException("the schema file " + file + " is not in this build; build it again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the schema file " + file + " cannot be read", e);
        }
    }
}
