package dev.terraseal.ingest;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;

/** Events as a pipeline sends them. */
final class Events {
    private Events() {}

    static String apply(String stream, String id) {
        return apply(stream, id, "succeeded");
    }

    static String apply(String stream, String id, String outcome) {
        return event(stream, id, Json.obj().put("outcome", outcome).build());
    }

    static String event(String stream, String id, Json.Obj predicate) {
        Json.Obj subject = Json.obj()
                .put(
                        "digest",
                        Json.obj().put("sha256", Digest.of(Bytes.utf8("plan"))).build())
                .put("name", "tfplan")
                .build();
        return Json.obj()
                .put("id", id)
                .put("occurredAt", "2026-11-22T01:02:03.123Z")
                .put("predicate", predicate)
                .put("stream", stream)
                .put("subjects", Json.arr(java.util.List.of(subject)))
                .put("type", "https://terraseal.dev/terraform-apply/v1")
                .build()
                .bytes()
                .utf8();
    }
}
