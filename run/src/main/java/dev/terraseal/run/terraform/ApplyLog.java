package dev.terraseal.run.terraform;

import com.fasterxml.jackson.databind.JsonNode;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Collects the facts of one apply from its stream. Values, output and messages pass by; only what is listed here stays. */
public final class ApplyLog {
    private static final Set<String> KNOWN = Set.of(
            "version",
            "log",
            "diagnostic",
            "planned_change",
            "resource_drift",
            "change_summary",
            "outputs",
            "apply_start",
            "apply_progress",
            "apply_complete",
            "apply_errored",
            "provision_start",
            "provision_progress",
            "provision_complete",
            "provision_errored",
            "refresh_start",
            "refresh_complete",
            "ephemeral_op_start",
            "ephemeral_op_progress",
            "ephemeral_op_complete",
            "ephemeral_op_errored",
            "ephemeral_action_started",
            "ephemeral_action_complete");

    private static final Digest OPTIONS_REFUSED = Digest.of(Bytes.utf8("Failed to parse command-line flags"));

    /** A diagnostic without its text. */
    public record Finding(
            @Nullable String severity, @Nullable String address, Digest summarySha256) {}

    /** What the engine counted, or what the stream showed where it ended before counting. */
    public record Counts(
            long add, long change, long remove, @Nullable Long imported) {}

    private final Map<String, ResourceFacts> resources = new TreeMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> unknownTypes = new TreeSet<>();
    private @Nullable Counts counts;
    private @Nullable String engineName;
    private @Nullable String engineVersion;
    private @Nullable String uiVersion;
    private long jsonLines;
    private long otherLines;
    private volatile boolean interrupted;

    /** Text between the lines of JSON. */
    public void other() {
        otherLines++;
    }

    public void add(UiMessage message) {
        jsonLines++;
        if (!KNOWN.contains(message.type()) || !understood()) {
            unknownTypes.add(safeType(message.type()));
            return;
        }
        JsonNode json = message.json();
        switch (message.type()) {
            case "version" -> version(json);
            case "planned_change" ->
                facts(message).plan(json.path("change").path("action").asText());
            case "apply_start" ->
                facts(message).start(json.path("hook").path("action").asText());
            case "apply_complete" -> facts(message).complete(json.path("hook"));
            case "apply_errored" -> facts(message).error(json.path("hook"));
            case "change_summary" -> summary(json.path("changes"));
            case "diagnostic" -> diagnostic(json.path("diagnostic"));
            case "log" -> interrupted = interrupted || message.text().contains("Interrupt received");
            default -> {
                // Progress, provisioners, refreshes, outputs: shown, never kept.
            }
        }
    }

    private void version(JsonNode json) {
        for (String name : List.of("terraform", "tofu")) {
            if (json.path(name).isTextual()) {
                engineName = name;
                engineVersion = json.path(name).asText();
            }
        }
        uiVersion = json.path("ui").isTextual() ? json.path("ui").asText() : null;
    }

    /** The documented rule: unknown properties are fine in 1.x, another major number is another language. */
    private boolean understood() {
        return uiVersion == null || uiVersion.startsWith("1.");
    }

    private ResourceFacts facts(UiMessage message) {
        JsonNode resource = message.resource();
        return resources.computeIfAbsent(resource.path("addr").asText(), address -> new ResourceFacts(resource));
    }

    private void summary(JsonNode changes) {
        if (!changes.path("operation").asText().equals("plan")) {
            counts = new Counts(
                    changes.path("add").asLong(),
                    changes.path("change").asLong(),
                    changes.path("remove").asLong(),
                    changes.has("import") ? Long.valueOf(changes.path("import").asLong()) : null);
        }
    }

    private void diagnostic(JsonNode diagnostic) {
        String severity = diagnostic.path("severity").asText();
        findings.add(new Finding(
                severity.equals("error") || severity.equals("warning") ? severity : null,
                diagnostic.path("address").isTextual()
                        ? diagnostic.path("address").asText()
                        : null,
                Digest.of(Bytes.utf8(wellFormed(diagnostic.path("summary").asText())))));
    }

    private static String wellFormed(String text) {
        return new String(
                text.getBytes(java.nio.charset.StandardCharsets.UTF_8), java.nio.charset.StandardCharsets.UTF_8);
    }

    /** A type is a short word; anything else is somebody's text and is not kept. */
    private static String safeType(String type) {
        return type.matches("[a-z][a-z0-9_]{0,63}") ? type : "(not a word)";
    }

    Map<String, ResourceFacts> resources() {
        return resources;
    }

    public List<Finding> findings() {
        return List.copyOf(findings);
    }

    public List<String> unknownTypes() {
        return List.copyOf(unknownTypes);
    }

    /** {@code terraform} or {@code tofu}, by what it says of itself and not by what its file is called. */
    public @Nullable String engineName() {
        return engineName;
    }

    public @Nullable String engineVersion() {
        return engineVersion;
    }

    public @Nullable String uiVersion() {
        return uiVersion;
    }

    public long jsonLines() {
        return jsonLines;
    }

    public long otherLines() {
        return otherLines;
    }

    public boolean wasInterrupted() {
        return interrupted;
    }

    /** Whether the engine said that it could not read its own options: then it did nothing at all. */
    public boolean refusedOptions() {
        return resources.isEmpty()
                && findings.stream().anyMatch(finding -> finding.summarySha256().equals(OPTIONS_REFUSED));
    }

    /** Whether it ended well and counted what it did. */
    public boolean isComplete(int exitCode) {
        return exitCode == 0 && counts != null;
    }

    /** Counted from completed actions where the engine gave no summary. */
    public Counts counts() {
        if (counts != null) {
            return counts;
        }
        long add = 0;
        long change = 0;
        long remove = 0;
        for (ResourceFacts facts : resources.values()) {
            add += facts.completed("create");
            change += facts.completed("update");
            remove += facts.completed("delete");
        }
        return new Counts(add, change, remove, null);
    }

    /**
     * {@code succeeded} only with exit 0 and a summary of the apply; an engine ended by a signal of the system
     * ({@code exit > 128}) is {@code unknown}: something may have been in flight.
     */
    public String outcome(int exitCode, boolean weWereInterrupted) {
        if (exitCode == 0) {
            return counts != null && findings.stream().noneMatch(finding -> "error".equals(finding.severity()))
                    ? "succeeded"
                    : "unknown";
        }
        if (exitCode > 128) {
            return "unknown";
        }
        if (interrupted || weWereInterrupted) {
            return "interrupted";
        }
        boolean any = resources.values().stream().anyMatch(ResourceFacts::anyCompleted);
        return any ? "partial" : "failed";
    }
}
