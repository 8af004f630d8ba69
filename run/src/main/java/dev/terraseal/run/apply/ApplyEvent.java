package dev.terraseal.run.apply;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.run.origin.Pipeline;
import dev.terraseal.run.origin.Repository;
import dev.terraseal.run.terraform.ApplyLog;
import dev.terraseal.run.terraform.InstanceKeys;
import dev.terraseal.run.terraform.Invocation;
import dev.terraseal.run.terraform.StateSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds the event of one apply (FORMATS sections 2 and 4). What is not known is left out; no value of a variable, an
 * output or an attribute has a way into it.
 */
final class ApplyEvent {
    static final String TOOL = "terraseal-run/0.1.0";
    private static final int DIAGNOSTICS_MAX = 500;

    private final EventId id;
    private final StreamId stream;
    private final Invocation invocation;
    private final Surroundings surroundings;
    private final RunOptions options;
    private final Timestamp startedAt;
    private final InstanceKeys keys;
    private final Optional<EngineVersion> version;
    private final Supplier<Optional<Json.Obj>> seen;

    /**
     * @param version what the engine says that it is
     * @param seen the newest checkpoint before the apply, as soon as it is known
     */
    ApplyEvent(
            EventId id,
            StreamId stream,
            Invocation invocation,
            Surroundings surroundings,
            RunOptions options,
            Timestamp startedAt,
            Optional<EngineVersion> version,
            Supplier<Optional<Json.Obj>> seen) {
        this.id = id;
        this.stream = stream;
        this.invocation = invocation;
        this.surroundings = surroundings;
        this.options = options;
        this.startedAt = startedAt;
        this.version = version;
        this.seen = seen;
        this.keys = new InstanceKeys(options.instanceKeys());
    }

    /** The event to be sent if nobody lives to say how the apply ended. */
    Bytes unknown(Plan plan, Optional<StateSnapshot> before) {
        Json.Obj body = body("unknown", null)
                .put("plan", plan(plan.sha256()))
                .putIfPresent("state", state(before, Optional.empty()))
                .build();
        return event(startedAt, subject("tfplan", plan.sha256()), body);
    }

    /** @param plan null where the file that was applied is not the one that was sealed */
    Bytes ended(
            @Nullable Plan plan,
            Applied applied,
            ResourceList resources,
            Optional<StateSnapshot> before,
            Optional<StateSnapshot> after) {
        Json.Obj changes = changes(applied.log(), resources);
        Json.Builder body = body(applied.outcome(), applied)
                .put("changes", changes)
                .put("capture", capture(applied))
                .putIfPresent("state", state(before, after));
        List<Json> diagnostics = diagnostics(applied.log());
        if (!diagnostics.isEmpty()) {
            body.put("diagnostics", Json.arr(diagnostics));
        }
        Json subject = plan == null ? subject("changes", Digest.of(changes.bytes())) : subject("tfplan", plan.sha256());
        body.put("plan", plan == null ? Json.obj().put("saved", false).build() : plan(plan.sha256()));
        return event(applied.finishedAt(), subject, body.build());
    }

    InstanceKeys keys() {
        return keys;
    }

    private Bytes event(Timestamp occurredAt, Json subject, Json.Obj body) {
        return Json.obj()
                .put("id", id.value())
                .put("occurredAt", occurredAt.toString())
                .put("predicate", body)
                .putIfPresent("seenCheckpoint", seen.get().orElse(null))
                .put(
                        "source",
                        Json.obj()
                                .put("claimed", surroundings.pipeline().claimed(TOOL))
                                .build())
                .put("stream", stream.value())
                .put("subjects", Json.arr(List.of(subject)))
                .put("type", PredicateType.TERRAFORM_APPLY.uri())
                .build()
                .bytes();
    }

    private static Json subject(String name, Digest digest) {
        return Json.obj()
                .put("digest", Json.obj().put("sha256", digest).build())
                .put("name", name)
                .build();
    }

    private Json.Builder body(String outcome, @Nullable Applied applied) {
        Json.Builder body = Json.obj()
                .put("outcome", outcome)
                .put("invocation", invocation(applied))
                .put("engine", engine(applied == null ? null : applied.log()))
                .put("workspace", workspace())
                .putIfPresent("configuration", configuration())
                .putIfPresent("change", change());
        surroundings.lockFile().ifPresent(lock -> {
            if (!lock.dependencies().isEmpty()) {
                body.put("dependencies", Json.arr(lock.dependencies()));
            }
        });
        return body;
    }

    private Json.Obj invocation(@Nullable Applied applied) {
        Pipeline pipeline = surroundings.pipeline();
        String runId = pipeline.runId();
        Json.Builder out = Json.obj()
                .put("command", Json.texts(texts(invocation.recorded(keys))))
                .put("id", runId == null ? id.value() : runId)
                .put("startedAt", startedAt.toString());
        String attempt = pipeline.runAttempt();
        if (attempt != null && attempt.matches("[1-9][0-9]{0,5}")) {
            out.put("attempt", Long.parseLong(attempt));
        }
        if (applied != null) {
            out.put("exitCode", applied.exitCode())
                    .put("finishedAt", applied.finishedAt().toString());
        }
        return out.build();
    }

    /** The stream of the apply comes first: it is the engine that applied which speaks there. */
    private Json.Obj engine(@Nullable ApplyLog log) {
        String heard = log == null ? null : log.engineName();
        return Json.obj()
                .putIfPresent(
                        "name",
                        heard != null ? heard : version.map(EngineVersion::name).orElse(null))
                .put("platform", platform())
                .putIfPresent("uiVersion", log == null ? null : log.uiVersion())
                .putIfPresent(
                        "version",
                        log != null && heard != null
                                ? log.engineVersion()
                                : version.map(EngineVersion::version).orElse(null))
                .build();
    }

    private static String platform() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String name = os.startsWith("mac") ? "darwin" : os.startsWith("windows") ? "windows" : os;
        String arch = System.getProperty("os.arch", "");
        return name + "_" + (arch.equals("x86_64") ? "amd64" : arch.equals("aarch64") ? "arm64" : arch);
    }

    private Json.Obj workspace() {
        return Json.obj()
                .put("backend", surroundings.workspace().backend())
                .putIfPresent("environment", surroundings.pipeline().environment())
                .put("name", surroundings.workspace().name())
                .build();
    }

    private @Nullable Json configuration() {
        Repository git = surroundings.repository();
        Pipeline ci = surroundings.pipeline();
        Json.Builder out = Json.obj()
                .putIfPresent("commit", git.commit() == null ? ci.commit() : git.commit())
                .putIfPresent("path", git.path())
                .putIfPresent("ref", git.ref() == null ? ci.ref() : git.ref())
                .putIfPresent("repository", git.remote() == null ? ci.repository() : git.remote());
        Boolean dirty = git.dirty();
        if (dirty != null) {
            out.put("dirty", dirty.booleanValue());
        }
        surroundings.lockFile().ifPresent(lock -> out.put("lockFileSha256", lock.sha256()));
        Json.Obj built = out.build();
        return built.members().isEmpty() ? null : built;
    }

    private @Nullable Json change() {
        Json.Obj built = Json.obj()
                .putIfPresent("reason", options.reason())
                .putIfPresent("requestedBy", options.requestedBy())
                .putIfPresent("ticket", options.ticket())
                .build();
        return built.members().isEmpty() ? null : built;
    }

    private static Json plan(Digest sha256) {
        return Json.obj().put("saved", true).put("sha256", sha256).build();
    }

    /** The lineage is the one after the apply: a first apply creates it. */
    private static @Nullable Json state(Optional<StateSnapshot> before, Optional<StateSnapshot> after) {
        Json.Builder out = Json.obj();
        before.ifPresent(
                state -> out.putIfPresent("serialBefore", state.serial()).put("sha256Before", state.sha256()));
        after.ifPresent(state -> out.putIfPresent("serialAfter", state.serial()).put("sha256After", state.sha256()));
        Optional<StateSnapshot> newest = after.isPresent() ? after : before;
        out.putIfPresent("lineage", newest.map(StateSnapshot::lineage).orElse(null));
        Json.Obj built = out.build();
        return built.members().isEmpty() ? null : built;
    }

    private static Json.Obj changes(ApplyLog log, ResourceList resources) {
        ApplyLog.Counts counts = log.counts();
        Json.Builder out = Json.obj()
                .put("add", counts.add())
                .put("change", counts.change())
                .put("remove", counts.remove())
                .putIfPresent("import", counts.imported());
        Digest attached = resources.attached();
        return attached == null
                ? out.put("resources", resources.json()).build()
                : out.put("resourcesSha256", attached).build();
    }

    private Json.Obj capture(Applied applied) {
        ApplyLog log = applied.log();
        return Json.obj()
                .put("jsonLines", log.jsonLines())
                .put("otherLines", log.otherLines())
                .put("rawLogSha256", applied.rawLogSha256())
                .put("redactedPaths", keys.count())
                .put("redactor", InstanceKeys.REDACTOR)
                .put("unknownTypes", Json.texts(log.unknownTypes()))
                .build();
    }

    private List<Json> diagnostics(ApplyLog log) {
        List<Json> out = new ArrayList<>();
        for (ApplyLog.Finding finding : log.findings()) {
            if (out.size() < DIAGNOSTICS_MAX) {
                String address = finding.address();
                out.add(Json.obj()
                        .putIfPresent("address", address == null ? null : keys.redact(address))
                        .putIfPresent("severity", finding.severity())
                        .put("summarySha256", finding.summarySha256())
                        .build());
            }
        }
        return out;
    }

    /** A word of a command may hold anything the shell lets through; evidence holds text. */
    private static List<String> texts(List<String> words) {
        List<String> out = new ArrayList<>();
        for (String word : words) {
            byte[] utf8 = word.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            out.add(new String(utf8, java.nio.charset.StandardCharsets.UTF_8));
        }
        return out;
    }
}
