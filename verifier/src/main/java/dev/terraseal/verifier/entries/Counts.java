package dev.terraseal.verifier.entries;

import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.Statement;
import java.util.Map;
import java.util.TreeMap;

/** How many entries there are of each type and each outcome, as a manifest states them. */
public final class Counts {
    private final Map<String, Long> byType = new TreeMap<>();
    private final Map<String, Long> byOutcome = new TreeMap<>();

    public void add(Statement statement) {
        byType.merge(statement.type().uri(), 1L, Long::sum);
        if (statement.body().get("outcome") instanceof Json.Str outcome) {
            byOutcome.merge(outcome.value(), 1L, Long::sum);
        }
    }

    /** {@code countByType} of a manifest: predicate type to number of entries. */
    public Json.Obj byType() {
        return json(byType);
    }

    /** {@code countByOutcome}: entries without an outcome are not in it. */
    public Json.Obj byOutcome() {
        return json(byOutcome);
    }

    private static Json.Obj json(Map<String, Long> counts) {
        Json.Builder out = Json.obj();
        for (Map.Entry<String, Long> count : counts.entrySet()) {
            out.put(count.getKey(), count.getValue().longValue());
        }
        return out.build();
    }
}
