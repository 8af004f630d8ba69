package dev.terraseal.run.server;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.PredicateType;
import java.util.List;

/** Small events for tests. */
public final class Events {
    private Events() {}

    public static Bytes apply(String stream, String id, String outcome) {
        return json(stream, id, Json.obj().put("outcome", outcome).build()).bytes();
    }

    public static Json.Obj json(String stream, String id, Json.Obj predicate) {
        Json.Obj subject = Json.obj()
                .put(
                        "digest",
                        Json.obj().put("sha256", Digest.of(Bytes.utf8(id))).build())
                .put("name", "tfplan")
                .build();
        return Json.obj()
                .put("id", id)
                .put("occurredAt", "2026-11-22T01:02:03.123Z")
                .put("predicate", predicate)
                .put("stream", stream)
                .put("subjects", Json.arr(List.of(subject)))
                .put("type", PredicateType.TERRAFORM_APPLY.uri())
                .build();
    }
}
