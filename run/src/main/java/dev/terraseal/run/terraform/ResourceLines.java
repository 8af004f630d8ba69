package dev.terraseal.run.terraform;

import dev.terraseal.core.canonical.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The {@code changes.resources} of an event: one line a resource, by recorded address, no attribute values. */
public final class ResourceLines {
    private ResourceLines() {}

    /**
     * @param complete the engine ended well and counted what it did
     * @param states where the provider of a resource is looked up, the newest first
     */
    public static List<Json> of(ApplyLog log, boolean complete, InstanceKeys keys, List<StateSnapshot> states) {
        List<Json.Obj> out = new ArrayList<>();
        for (Map.Entry<String, ResourceFacts> entry : log.resources().entrySet()) {
            ResourceFacts facts = entry.getValue();
            out.add(Json.obj()
                    .put("actions", Json.texts(facts.actions()))
                    .put("address", keys.redact(entry.getKey()))
                    .putIfPresent("elapsedMillis", facts.elapsedMillis())
                    .putIfPresent("outcome", facts.outcome(complete))
                    .putIfPresent("provider", facts.provider(states))
                    .put("type", facts.type())
                    .build());
        }
        out.sort(Comparator.comparing(line -> line.string("address")));
        return List.copyOf(out);
    }
}
