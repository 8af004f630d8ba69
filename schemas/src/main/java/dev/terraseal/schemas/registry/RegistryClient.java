package dev.terraseal.schemas.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.terraseal.core.statement.RejectionReason;
import dev.terraseal.schemas.SchemaSource;
import dev.terraseal.schemas.avro.RefusedDataException;
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
    private final ConcurrentHashMap<Integer, Schema> schemas = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Integer, String> unreadable = new ConcurrentHashMap<>();

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
        String asked = "register a schema for " + subject;
        return number(require(reply, asked), "id", asked);
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
        String asked = "say what schema " + id + " is";
        JsonNode body = require(reply, asked);
        String text = text(body, "schema", asked);
        String type = body.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            unreadable(id, "is of type " + type + ", and an event is Avro");
        } else if (!body.path("references").isEmpty()) {
            unreadable(id, "refers to other subjects, which this log does not follow");
        }
        texts.put(id, text);
        return Optional.of(text);
    }

    private void unreadable(int id, String why) {
        LOG.warn("event=schema-unreadable id={} reason=\"{}\"", id, why);
        unreadable.put(
                id,
                "schema " + id + " is registered, but it " + why + "; send with the schema of "
                        + "terraseal.events-value");
    }

    @Override
    public Optional<Schema> byId(int id) throws RegistryUnavailableException {
        Schema known = schemas.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<String> text = schemaById(id);
        if (text.isPresent() && !unreadable.containsKey(id)) {
            parse(id, text.get());
        }
        String why = unreadable.get(id);
        if (why != null) {
            throw new RefusedDataException(RejectionReason.WRONG_SCHEMA, why);
        }
        return Optional.ofNullable(schemas.get(id));
    }

    private void parse(int id, String text) {
        try {
            schemas.put(id, new Schema.Parser().parse(text));
        } catch (RuntimeException | StackOverflowError notAvro) {
            // Avro answers what is no schema with several exceptions, a NullPointerException among them.
            unreadable(id, "cannot be read as Avro (" + notAvro.getMessage() + ")");
        }
    }

    public List<String> subjects() throws RegistryUnavailableException {
        List<String> subjects = new ArrayList<>();
        list(http.get("/subjects"), "list its subjects").forEach(subject -> subjects.add(subject.asText()));
        return subjects;
    }

    /** Empty when there is no such subject. */
    public List<Integer> versions(String subject) throws RegistryUnavailableException {
        RegistryReply reply = http.get("/subjects/" + RegistryHttp.segment(subject) + "/versions");
        List<Integer> versions = new ArrayList<>();
        if (!unknown(reply, SUBJECT_UNKNOWN)) {
            list(reply, "list the versions of " + subject).forEach(version -> versions.add(version.asInt()));
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
                : Optional.of(registered(reply, "show version " + version + " of " + subject));
    }

    /** The version under which exactly this schema is registered there, if it is. */
    public Optional<RegisteredSchema> find(String subject, String schema) throws RegistryUnavailableException {
        RegistryReply reply = http.send("POST", "/subjects/" + RegistryHttp.segment(subject), schemaBody(schema));
        return unknown(reply, SUBJECT_UNKNOWN) || unknown(reply, SCHEMA_UNKNOWN)
                ? Optional.empty()
                : Optional.of(registered(reply, "look for a schema under " + subject));
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
        String asked = "judge a schema for " + subject;
        JsonNode verdict = require(reply, asked).path("is_compatible");
        if (!verdict.isBoolean()) {
            throw without("is_compatible", asked);
        }
        return verdict.booleanValue();
    }

    private static ObjectNode schemaBody(String schema) {
        return JsonNodeFactory.instance.objectNode().put("schema", schema);
    }

    private RegisteredSchema registered(RegistryReply reply, String asked) throws RegistryUnavailableException {
        JsonNode body = require(reply, asked);
        return new RegisteredSchema(
                text(body, "subject", asked),
                number(body, "version", asked),
                number(body, "id", asked),
                text(body, "schema", asked));
    }

    private JsonNode list(RegistryReply reply, String asked) throws RegistryUnavailableException {
        JsonNode body = require(reply, asked);
        if (!body.isArray()) {
            throw without("a list", asked);
        }
        return body;
    }

    private String text(JsonNode body, String member, String asked) throws RegistryUnavailableException {
        if (!body.path(member).isTextual()) {
            throw without(member, asked);
        }
        return body.path(member).textValue();
    }

    /** Ids and versions, which are above 0. */
    private int number(JsonNode body, String member, String asked) throws RegistryUnavailableException {
        JsonNode number = body.path(member);
        if (!number.canConvertToInt() || !number.isIntegralNumber() || number.intValue() < 1) {
            throw without(member, asked);
        }
        return number.intValue();
    }

    /** Something in front of the registry answers well and says nothing: no answer, or acknowledged events are rejected. */
    private RegistryUnavailableException without(String missing, String asked) {
        return new RegistryUnavailableException("what answers at " + http + ", asked to " + asked + ", did not say "
                + missing + ": is it a schema registry, and is its path in registry.url?");
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
