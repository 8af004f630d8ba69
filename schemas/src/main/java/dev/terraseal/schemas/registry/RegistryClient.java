package dev.terraseal.schemas.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.terraseal.schemas.SchemaSource;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client of the Confluent Schema Registry REST API, as Confluent, Apicurio ({@code /apis/ccompat/v7}), Karapace and our
 * embedded one serve it. TLS follows the JDK's settings ({@code javax.net.ssl.trustStore}).
 *
 * <p>"The registry knows no such schema" is an answer; that it does not answer within 2 seconds, or answers with an error,
 * is a {@link RegistryUnavailableException}: a record must then wait, or a restart of the registry would reject events
 * that were acknowledged. What an id means never changes, so it is asked for once. Safe for use by many threads.
 */
public final class RegistryClient implements SchemaSource {
    /** Well under the 10 s a transaction may last: the sequencer asks inside one. */
    public static final Duration LIMIT = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(RegistryClient.class);
    private static final int SUBJECT_UNKNOWN = 40401;
    private static final int VERSION_UNKNOWN = 40402;
    private static final int SCHEMA_UNKNOWN = 40403;
    private static final int NO_LEVEL_OF_ITS_OWN = 40408;

    private final RegistryHttp http;
    private final ConcurrentHashMap<Integer, String> texts = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Integer, Optional<Schema>> schemas = new ConcurrentHashMap<>();

    public RegistryClient(URI base, @Nullable RegistryLogin login) {
        this(base, login, LIMIT);
    }

    RegistryClient(URI base, @Nullable RegistryLogin login, Duration limit) {
        this.http = new RegistryHttp(base, login, limit);
    }

    /** The id of this schema under this subject; a schema that is already there keeps its id. */
    public int register(String subject, String schema) throws RegistryUnavailableException, SchemaRefusedException {
        RegistryReply reply =
                http.send("POST", "/subjects/" + RegistryHttp.segment(subject) + "/versions", schemaBody(schema));
        if (reply.status() == 409 || reply.status() == 422) {
            throw new SchemaRefusedException(subject, reply);
        }
        return require(reply, "register a schema for " + subject).path("id").asInt();
    }

    /** The text of this schema; empty when the registry says it has none of this id (404, code 40403). */
    public Optional<String> schemaById(int id) throws RegistryUnavailableException {
        String known = texts.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        RegistryReply reply = http.get("/schemas/ids/" + id);
        if (unknown(reply, SCHEMA_UNKNOWN)) {
            return Optional.empty();
        }
        JsonNode body = require(reply, "say what schema " + id + " is");
        String text = body.path("schema").asText();
        texts.put(id, text);
        if (!readable(body)) {
            LOG.warn(
                    "schema not readable id={} type={} references={}",
                    id,
                    body.path("schemaType"),
                    body.has("references"));
            schemas.put(id, Optional.empty());
        }
        return Optional.of(text);
    }

    /** Schemas of another kind than Avro, and Avro with references to other subjects, count as unknown. */
    private static boolean readable(JsonNode body) {
        return "AVRO".equals(body.path("schemaType").asText("AVRO"))
                && body.path("references").isEmpty();
    }

    @Override
    public Optional<Schema> byId(int id) throws RegistryUnavailableException {
        Optional<Schema> known = schemas.get(id);
        if (known != null) {
            return known;
        }
        Optional<String> text = schemaById(id);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        return schemas.computeIfAbsent(id, missing -> parse(missing, text.get()));
    }

    private static Optional<Schema> parse(int id, String text) {
        try {
            return Optional.of(new Schema.Parser().parse(text));
        } catch (org.apache.avro.AvroRuntimeException e) {
            LOG.warn("schema not readable id={} reason={}", id, e.getMessage());
            return Optional.empty();
        }
    }

    public List<String> subjects() throws RegistryUnavailableException {
        List<String> subjects = new ArrayList<>();
        require(http.get("/subjects"), "list its subjects").forEach(subject -> subjects.add(subject.asText()));
        return subjects;
    }

    /** Empty when there is no such subject. */
    public List<Integer> versions(String subject) throws RegistryUnavailableException {
        RegistryReply reply = http.get("/subjects/" + RegistryHttp.segment(subject) + "/versions");
        List<Integer> versions = new ArrayList<>();
        if (!unknown(reply, SUBJECT_UNKNOWN)) {
            require(reply, "list the versions of " + subject).forEach(version -> versions.add(version.asInt()));
        }
        return versions;
    }

    public Optional<RegisteredSchema> version(String subject, int version) throws RegistryUnavailableException {
        return version(subject, Integer.toString(version));
    }

    public Optional<RegisteredSchema> latest(String subject) throws RegistryUnavailableException {
        return version(subject, "latest");
    }

    private Optional<RegisteredSchema> version(String subject, String version) throws RegistryUnavailableException {
        RegistryReply reply = http.get("/subjects/" + RegistryHttp.segment(subject) + "/versions/" + version);
        return unknown(reply, SUBJECT_UNKNOWN) || unknown(reply, VERSION_UNKNOWN)
                ? Optional.empty()
                : Optional.of(registered(require(reply, "show version " + version + " of " + subject)));
    }

    /** The version under which exactly this schema is registered there, if it is. */
    public Optional<RegisteredSchema> find(String subject, String schema) throws RegistryUnavailableException {
        RegistryReply reply = http.send("POST", "/subjects/" + RegistryHttp.segment(subject), schemaBody(schema));
        return unknown(reply, SUBJECT_UNKNOWN) || unknown(reply, SCHEMA_UNKNOWN)
                ? Optional.empty()
                : Optional.of(registered(require(reply, "look for a schema under " + subject)));
    }

    /** The level of this subject, or the registry's own where the subject has none. */
    public Compatibility compatibility(String subject) throws RegistryUnavailableException {
        RegistryReply reply = http.get("/config/" + RegistryHttp.segment(subject));
        if (unknown(reply, NO_LEVEL_OF_ITS_OWN) || unknown(reply, SUBJECT_UNKNOWN)) {
            reply = http.get("/config");
        }
        String level = require(reply, "say the compatibility of " + subject)
                .path("compatibilityLevel")
                .asText();
        return Compatibility.fromText(level)
                .orElseThrow(
                        () -> new RegistryUnavailableException("the schema registry at " + http + " has compatibility '"
                                + level + "' for " + subject + ", which is no level this program knows"));
    }

    public void setCompatibility(String subject, Compatibility level) throws RegistryUnavailableException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("compatibility", level.name());
        require(
                http.send("PUT", "/config/" + RegistryHttp.segment(subject), body),
                "set the compatibility of " + subject);
    }

    /** Whether the registry would take this schema as the next version of the subject. */
    public boolean compatible(String subject, String schema) throws RegistryUnavailableException {
        RegistryReply reply = http.send(
                "POST", "/compatibility/subjects/" + RegistryHttp.segment(subject) + "/versions", schemaBody(schema));
        if (unknown(reply, SUBJECT_UNKNOWN) || unknown(reply, VERSION_UNKNOWN)) {
            return true;
        }
        return require(reply, "judge a schema for " + subject)
                .path("is_compatible")
                .asBoolean();
    }

    private static ObjectNode schemaBody(String schema) {
        return JsonNodeFactory.instance.objectNode().put("schema", schema);
    }

    private static RegisteredSchema registered(JsonNode body) {
        return new RegisteredSchema(
                body.path("subject").asText(),
                body.path("version").asInt(),
                body.path("id").asInt(),
                body.path("schema").asText());
    }

    /** A 404 without the registry's own code comes from something in front of it, and says nothing. */
    private static boolean unknown(RegistryReply reply, int code) {
        return reply.status() == 404 && reply.errorCode() == code;
    }

    private JsonNode require(RegistryReply reply, String asked) throws RegistryUnavailableException {
        if (!reply.ok()) {
            throw new RegistryUnavailableException("the schema registry at " + http + " did not " + asked + ": HTTP "
                    + reply.status() + ", code " + reply.errorCode() + ", " + reply.message());
        }
        return reply.body();
    }
}
