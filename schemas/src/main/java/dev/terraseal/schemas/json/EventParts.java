package dev.terraseal.schemas.json;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.RejectionReason;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.schemas.EventRecord;
import dev.terraseal.schemas.TopicSchemas;
import dev.terraseal.schemas.avro.AvroOutput;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Puts an event together from its JSON members, reporting each that does not fit. */
final class EventParts {
    private static final Set<String> MEMBERS =
            Set.of("id", "type", "stream", "occurredAt", "subjects", "predicate", "source", "salt", "seenCheckpoint");
    private static final Schema EVENT = TopicSchemas.EVENT.schema();
    private static final Schema SOURCE = present(EVENT, "source");
    /** Index of each type's record in the union {@code body}. */
    private static final Map<PredicateType, Integer> BRANCHES = Map.of(
            PredicateType.TERRAFORM_APPLY, 0,
            PredicateType.TERRAFORM_PLAN, 1,
            PredicateType.RECORDED, 2,
            PredicateType.KEY_EVENT, 3,
            PredicateType.HEADS, 4);

    private final Problems problems;
    private final Map<String, Json> members;

    EventParts(Map<String, Json> members, Problems problems) {
        this.members = members;
        this.problems = problems;
    }

    private static Schema present(Schema record, String field) {
        return record.getField(field).schema().getTypes().get(1);
    }

    /**
     * The record, or null where a problem was reported.
     *
     * @param type null where the member {@code type} was refused
     * @param predicate the body's JSON, null where it was refused
     */
    @Nullable EventRecord record(@Nullable PredicateType type, @Nullable Json predicate) {
        for (String name : members.keySet()) {
            if (!MEMBERS.contains(name)) {
                problems.add(
                        Problems.pointer("", name),
                        RejectionReason.BAD_VALUE,
                        "unknown member; an event has id, type, stream, occurredAt, subjects, predicate, source, salt, seenCheckpoint");
            }
        }
        EventId id = named("id", RejectionReason.BAD_ID, EventId::new);
        StreamId stream = named("stream", RejectionReason.BAD_STREAM, StreamId::new);
        Timestamp occurredAt = named("occurredAt", RejectionReason.BAD_TIME, Timestamp::parse);
        Bytes subjects = subjects();
        Bytes body = type == null || predicate == null ? Bytes.EMPTY : body(type, predicate);
        Json.Obj source = object("source");
        Bytes claimed = part(SOURCE, source, "claimed", "/source");
        Bytes verified = part(SOURCE, source, "verified", "/source");
        Bytes verifiedBy = part(SOURCE, source, "verifiedBy", "/source");
        requireSource(source);
        Bytes salt = salt();
        Bytes seen = part(EVENT, new Json.Obj(members), "seenCheckpoint", "");
        if (!problems.isEmpty() || type == null || id == null || stream == null || occurredAt == null) {
            return null;
        }
        return new EventRecord(type, stream, id, occurredAt, subjects, body, claimed, verified, verifiedBy, salt, seen);
    }

    /** A member that is a string in a form of its own. */
    private <T> @Nullable T named(String name, RejectionReason reason, Function<String, T> form) {
        Json value = members.get(name);
        if (value == null) {
            problems.add("/" + name, reason, "missing");
        } else if (value instanceof Json.Str text) {
            if (value == StrictJson.REFUSED) {
                return null;
            }
            try {
                return form.apply(text.value());
            } catch (IllegalArgumentException wrong) {
                problems.add("/" + name, reason, String.valueOf(wrong.getMessage()));
            }
        } else {
            problems.add("/" + name, reason, "expected a string, found " + value.kind());
        }
        return null;
    }

    private Bytes subjects() {
        Json value = members.get("subjects");
        if (value == null) {
            problems.add("/subjects", RejectionReason.BAD_SUBJECTS, "missing");
            return Bytes.EMPTY;
        }
        if (value instanceof Json.Arr array && array.items().size() > Statement.SUBJECTS_MAX) {
            problems.add(
                    "/subjects",
                    RejectionReason.BAD_SUBJECTS,
                    array.items().size()
                            + " subjects, where at most 1,000 may be; name one attachment that lists them");
            return Bytes.EMPTY;
        }
        return new JsonToAvro(problems, RejectionReason.BAD_SUBJECTS)
                .encode(EVENT.getField("subjects").schema(), value, "/subjects");
    }

    private Bytes body(PredicateType type, Json predicate) {
        int branch = BRANCHES.getOrDefault(type, -1);
        Schema schema = EVENT.getField("body").schema().getTypes().get(branch);
        Bytes record = new JsonToAvro(problems, RejectionReason.BODY_MISMATCH).encode(schema, predicate, "/predicate");
        return new AvroOutput(record.length() + 1).index(branch).raw(record).toBytes();
    }

    private Json.@Nullable Obj object(String name) {
        Json value = members.get(name);
        if (value == null || value == StrictJson.REFUSED) {
            return null;
        }
        if (value instanceof Json.Obj object) {
            return object;
        }
        problems.add("/" + name, RejectionReason.BAD_VALUE, "expected an object, found " + value.kind());
        return null;
    }

    private void requireSource(Json.@Nullable Obj source) {
        if (source == null) {
            return;
        }
        if (source.members().isEmpty()) {
            problems.add("/source", RejectionReason.BAD_VALUE, "empty; leave it out");
        }
        for (String name : source.members().keySet()) {
            if (!List.of("claimed", "verified", "verifiedBy").contains(name)) {
                problems.add(
                        Problems.pointer("/source", name),
                        RejectionReason.BAD_VALUE,
                        "unknown member; what a producer says of itself belongs into claimed");
            }
        }
    }

    private @Nullable Bytes part(Schema record, Json.@Nullable Obj parent, String name, String pointer) {
        Json value = parent == null ? null : parent.get(name);
        return value == null
                ? null
                : new JsonToAvro(problems, RejectionReason.BAD_VALUE)
                        .encode(present(record, name), value, pointer + "/" + name);
    }

    private @Nullable Bytes salt() {
        Bytes salt = part(EVENT, new Json.Obj(members), "salt", "");
        return salt != null && salt.length() == Event.SALT_BYTES ? salt : null;
    }

    /** What a foreign attestation becomes: evidence that is held, byte for byte. */
    static Json.Obj recorded(Bytes original, String foreignType) {
        return Json.obj()
                .put("bytes", original.base64())
                .put("mediaType", "application/json")
                .put("predicateType", foreignType)
                .put("sha256", Digest.of(original))
                .put("signed", false)
                .build();
    }
}
