package dev.terraseal.testkit.log;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import java.util.List;

/** Events as pipelines send them, all claimed by anna. */
final class FixtureEvents {
    private FixtureEvents() {}

    /** The body of an apply that says what state it found and left. */
    static Json.Obj applied(String lineage, long serialBefore, long serialAfter) {
        Json.Obj state = Json.obj()
                .put("lineage", lineage)
                .put("serialBefore", serialBefore)
                .put("serialAfter", serialAfter)
                .put("sha256Before", Digest.of(Bytes.utf8(lineage + serialBefore)))
                .put("sha256After", Digest.of(Bytes.utf8(lineage + serialAfter)))
                .build();
        return Json.obj().put("outcome", "succeeded").put("state", state).build();
    }

    /** An apply that failed and says no more. */
    static Event failed(String stream, String id) {
        return of(
                PredicateType.TERRAFORM_APPLY,
                stream,
                id,
                Json.obj().put("outcome", "failed").build());
    }

    static Event of(PredicateType type, String stream, String id, Json.Obj body) {
        Json.Obj subject = Json.obj()
                .put("name", "tfplan")
                .put(
                        "digest",
                        Json.obj().put("sha256", Digest.of(Bytes.utf8(id))).build())
                .build();
        Json.Obj claimed = Json.obj().put("actor", "anna").build();
        return new Event(
                type,
                new StreamId(stream),
                new EventId(id),
                LogFixture.BEGIN,
                Json.arr(List.of(subject)).bytes(),
                body.bytes(),
                Json.obj().put("claimed", claimed).build().bytes(),
                claimed.bytes(),
                null,
                null);
    }
}
