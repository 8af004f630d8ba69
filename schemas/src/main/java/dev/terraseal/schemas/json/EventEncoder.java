package dev.terraseal.schemas.json;

import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.schemas.EventRecord;
import dev.terraseal.schemas.Subject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes events in Java: for producers inside this product, tests and benchmarks. */
public final class EventEncoder {
    private EventEncoder() {}

    /**
     * @param predicate the body, in the members of the type's Avro record
     * @param claimed what the producer says of itself, or null
     * @throws IllegalArgumentException naming every member that does not fit
     */
    public static EventRecord encode(
            PredicateType type,
            StreamId stream,
            EventId id,
            Timestamp occurredAt,
            List<Subject> subjects,
            Json.Obj predicate,
            Json.@Nullable Obj claimed) {
        Map<String, Json> members = new TreeMap<>();
        members.put("id", new Json.Str(id.value()));
        members.put("stream", new Json.Str(stream.value()));
        members.put("type", new Json.Str(type.uri()));
        members.put("occurredAt", new Json.Str(occurredAt.toString()));
        members.put("subjects", Json.arr(subjects.stream().map(Subject::json).toList()));
        if (claimed != null) {
            members.put("source", Json.obj().put("claimed", claimed).build());
        }
        Problems problems = new Problems(Problems.KEPT_MAX);
        EventRecord record = new EventParts(members, problems).record(type, predicate);
        if (record == null) {
            throw new IllegalArgumentException(problems.found().stream()
                    .map(EventProblem::toString)
                    .collect(Collectors.joining("; ", "this is no event: ", "")));
        }
        return record;
    }

    /** The control record that asks the sequencer for a heads entry. */
    public static EventRecord headsTick(Timestamp now) {
        return encode(
                PredicateType.HEADS,
                StreamId.LOG,
                new EventId("tick"),
                now,
                List.of(),
                Json.obj().build(),
                null);
    }
}
