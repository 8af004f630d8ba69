package dev.terraseal.run.terraform;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the stream said about one resource; nothing of its attributes. */
final class ResourceFacts {
    /** Words for leaving the state without being destroyed. */
    private static final Set<String> FORGETS = Set.of("remove", "forget");

    private final String module;
    private final String mode;
    private final String type;
    private final String name;
    private String planned = "";
    private final List<String> actions = new ArrayList<>();
    private int started;
    private final List<String> done = new ArrayList<>();
    private int errored;
    private long elapsedMillis;

    ResourceFacts(JsonNode resource) {
        module = resource.path("module").asText();
        mode = resource.path("resource").asText().startsWith("data.") ? "data" : "managed";
        type = resource.path("resource_type").asText();
        name = resource.path("resource_name").asText();
    }

    void plan(String action) {
        planned = action;
    }

    void start(String action) {
        started++;
        actions.add(action);
    }

    void complete(JsonNode hook) {
        done.add(hook.path("action").asText());
        elapsed(hook);
    }

    void error(JsonNode hook) {
        errored++;
        elapsed(hook);
    }

    private void elapsed(JsonNode hook) {
        elapsedMillis += Math.round(hook.path("elapsed_seconds").asDouble(0) * 1000);
    }

    String type() {
        return type;
    }

    /** In the order seen; the planned word where nothing began. */
    List<String> actions() {
        return actions.isEmpty() ? List.of(planned) : List.copyOf(actions);
    }

    /**
     * {@code succeeded}, {@code failed}, {@code unfinished} (begun, no end seen) or {@code not-started}; null where
     * nobody said. What is only forgotten has neither a beginning nor an end in the stream: it happened if the apply did.
     */
    @Nullable String outcome(boolean complete) {
        if (errored > 0) {
            return "failed";
        }
        boolean half = planned.equals("replace") && done.size() == 1;
        if (started == 0 && done.isEmpty()) {
            if (FORGETS.contains(planned)) {
                return complete ? "succeeded" : null;
            }
            return "not-started";
        }
        return started > done.size() || half ? "unfinished" : "succeeded";
    }

    long completed(String action) {
        return done.stream().filter(action::equals).count();
    }

    boolean anyCompleted() {
        return !done.isEmpty();
    }

    /** Null where nothing ended. */
    @Nullable Long elapsedMillis() {
        return done.size() + errored == 0 ? null : Long.valueOf(elapsedMillis);
    }

    /** The source address of the provider, from the first state that knows the resource. */
    @Nullable String provider(List<StateSnapshot> states) {
        String key = StateSnapshot.key(module, mode, type, name);
        for (StateSnapshot state : states) {
            Map<String, String> providers = state.providers();
            String provider = providers.get(key);
            if (provider != null) {
                return provider;
            }
        }
        return null;
    }
}
