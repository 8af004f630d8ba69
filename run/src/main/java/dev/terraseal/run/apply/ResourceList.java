package dev.terraseal.run.apply;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.run.spool.Spool;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The resources of an apply: within the event while they are few, an attachment named by its digest when they are many. */
record ResourceList(Json.Arr json, @Nullable Digest attached) {
    /** FORMATS section 2. */
    static final int WITHIN_MAX = 1_000;
    /** Half of what a statement may hold, for a thousand long addresses. */
    private static final int BYTES_MAX = 256 * 1024;

    /** On return a list that is not within the event is durable in the spool. */
    static ResourceList of(List<Json> lines, Spool spool) throws IOException {
        Json.Arr json = Json.arr(lines);
        Bytes bytes = json.bytes();
        boolean within = lines.size() <= WITHIN_MAX && bytes.length() <= BYTES_MAX;
        return new ResourceList(json, within ? null : spool.attach(bytes));
    }
}
