package dev.terraseal.schemas.sample;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.schemas.EventRecord;
import dev.terraseal.schemas.Subject;
import dev.terraseal.schemas.json.EventEncoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Terraform applies of about 1 KiB of Avro, spread over a number of streams: what a CI pipeline of a middling workspace
 * sends. One seed always makes the same events.
 */
public final class SampleEvents {
    private static final long BEGIN =
            Timestamp.parse("2026-11-22T01:02:03.123Z").epochMillis();
    private static final List<String> TYPES =
            List.of("aws_instance", "aws_security_group", "aws_iam_role", "aws_s3_bucket", "terraform_data");
    private static final List<String> ACTIONS = List.of("create", "update", "delete", "no-op");

    private final RandomGenerator random;
    private final int streams;
    private final boolean brief;
    private final Map<StreamId, State> states = new HashMap<>();
    private long made;

    private record State(long serial, Digest sha256) {}

    public SampleEvents(RandomGenerator random, int streams) {
        this(random, streams, false);
    }

    private SampleEvents(RandomGenerator random, int streams, boolean brief) {
        this.random = random;
        this.streams = streams;
        this.brief = brief;
    }

    /** Applies that say only what they must, and of one resource: about 1 KiB as canonical JSON instead of as Avro. */
    public static SampleEvents brief(RandomGenerator random, int streams) {
        return new SampleEvents(random, streams, true);
    }

    /** The next event; its id is new in every stream. */
    public EventRecord next() {
        long number = made++;
        StreamId stream = new StreamId("acme/team-" + random.nextInt(streams) + "/prod");
        return EventEncoder.encode(
                PredicateType.TERRAFORM_APPLY,
                stream,
                new EventId("run-" + (4711 + number) + "-apply"),
                new Timestamp(BEGIN + number * 37),
                List.of(new Subject("tfplan", digest())),
                apply(stream, number),
                claimed(number));
    }

    private Json.Obj apply(StreamId stream, long number) {
        Json.Builder apply = Json.obj();
        apply.put("outcome", random.nextInt(20) == 0 ? "failed" : "succeeded");
        apply.put("invocation", invocation(number));
        apply.put(
                "engine",
                Json.obj()
                        .put("name", "terraform")
                        .put("platform", "linux_amd64")
                        .put("uiVersion", "1.2")
                        .put("version", "1.11.4")
                        .build());
        if (!brief) {
            optional(stream, apply);
        }
        apply.put("plan", Json.obj().put("saved", true).put("sha256", digest()).build());
        apply.put("state", state(stream));
        apply.put("changes", changes());
        return apply.build();
    }

    private void optional(StreamId stream, Json.Builder apply) {
        apply.put("configuration", configuration());
        apply.put(
                "workspace",
                Json.obj()
                        .put("backend", "s3")
                        .put("environment", "prod")
                        .put("name", stream.value())
                        .build());
        apply.put(
                "change",
                Json.obj()
                        .put("requestedBy", "dana@acme.example")
                        .put("ticket", "CHG-" + (10_000 + random.nextInt(90_000)))
                        .build());
        apply.put(
                "capture",
                Json.obj()
                        .put("jsonLines", 20 + random.nextInt(200))
                        .put("otherLines", 0)
                        .put("rawLogSha256", digest())
                        .put("redactedPaths", random.nextInt(5))
                        .put("redactor", "terraseal/0.1.0")
                        .build());
    }

    private Json.Obj invocation(long number) {
        long started = BEGIN + number * 37 - 60_000;
        return Json.obj()
                .put("attempt", 1)
                .put("command", Json.texts(List.of("terraform", "apply", "-input=false", "tfplan")))
                .put("exitCode", 0)
                .put("finishedAt", new Timestamp(started + 30_000 + random.nextInt(30_000)).toString())
                .put("id", Long.toString(7_000_000_000L + number))
                .put("startedAt", new Timestamp(started).toString())
                .build();
    }

    private Json.Obj configuration() {
        return Json.obj()
                .put("commit", digest().hex().substring(0, 40))
                .put("dirty", false)
                .put("lockFileSha256", digest())
                .put("path", "environments/prod")
                .put("ref", "refs/heads/main")
                .put("repository", "https://git.acme.example/platform/infra")
                .build();
    }

    /** The states of one stream join: what an apply leaves is what the next one finds. */
    private Json.Obj state(StreamId stream) {
        Digest after = digest();
        State before = states.getOrDefault(stream, new State(1, digest()));
        states.put(stream, new State(before.serial() + 1, after));
        return Json.obj()
                .put(
                        "lineage",
                        "5c1f2a30-9d0b-4a7e-8a55-"
                                + Digest.of(Bytes.utf8(stream.value())).hex().substring(0, 12))
                .put("serialAfter", before.serial() + 1)
                .put("serialBefore", before.serial())
                .put("sha256After", after)
                .put("sha256Before", before.sha256())
                .build();
    }

    private Json.Obj changes() {
        List<Json> resources = new ArrayList<>();
        int count = brief ? 1 : 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            String type = TYPES.get(random.nextInt(TYPES.size()));
            resources.add(Json.obj()
                    .put("actions", Json.texts(List.of(ACTIONS.get(random.nextInt(ACTIONS.size())))))
                    .put("address", "module.service[\"web-" + i + "\"]." + type + ".main")
                    .put("elapsedMillis", random.nextInt(90_000))
                    .put("outcome", "succeeded")
                    .put("provider", "registry.terraform.io/hashicorp/aws")
                    .put("type", type)
                    .build());
        }
        return Json.obj()
                .put("add", count)
                .put("change", 0)
                .put("import", 0)
                .put("remove", 0)
                .put("resources", Json.arr(resources))
                .build();
    }

    private static Json.Obj claimed(long number) {
        return Json.obj()
                .put("actor", "dana")
                .put("ciProvider", "github-actions")
                .put("job", "apply")
                .put("pipeline", "deploy.yml")
                .put("runAttempt", "1")
                .put("runId", Long.toString(7_000_000_000L + number))
                .put("runUrl", "https://ci.acme.example/runs/" + (7_000_000_000L + number))
                .put("runner", "linux-x64-large")
                .put("tool", "terraseal/0.1.0")
                .build();
    }

    private Digest digest() {
        byte[] bytes = new byte[Digest.LENGTH];
        random.nextBytes(bytes);
        return Digest.fromBytes(Bytes.wrap(bytes));
    }
}
