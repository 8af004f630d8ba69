package dev.terraseal.schemas;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;

/** What an event is about: a name and the SHA-256 of real bytes. */
public record Subject(String name, Digest sha256) {
    public Json.Obj json() {
        return Json.obj()
                .put("digest", Json.obj().put("sha256", sha256).build())
                .put("name", name)
                .build();
    }
}
