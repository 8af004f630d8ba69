package dev.terraseal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.witness.AddCheckpoint;
import dev.terraseal.store.Validity;
import dev.terraseal.store.s3.S3Location;
import dev.terraseal.store.s3.S3Store;
import dev.terraseal.testkit.log.FixtureArchive;
import dev.terraseal.testkit.log.FixtureBundle;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.s3.Fault;
import dev.terraseal.testkit.s3.S3StandIn;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Witnesses as processes of their own, beside a log that is honest and one that is not. */
class WitnessTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    /** {@code terraseal witness}; what it says when it is ready. */
    private static final class Running implements AutoCloseable {
        private final Process process;
        private final Json.Obj ready;

        private Running(Process process, Json.Obj ready) {
            this.process = process;
            this.ready = ready;
        }

        String vkey() {
            return ready.string("vkey");
        }

        String place() {
            return ready.string("http");
        }

        HttpResponse<String> ask(AddCheckpoint request) throws IOException, InterruptedException {
            return HTTP.send(
                    HttpRequest.newBuilder(URI.create(place() + "/add-checkpoint"))
                            .POST(BodyPublishers.ofByteArray(request.bytes().toByteArray()))
                            .build(),
                    BodyHandlers.ofString());
        }

        void kill() throws InterruptedException {
            process.destroyForcibly();
            process.waitFor();
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    private Running witness(String name, String logKeys, String... more) throws IOException {
        List<Object> command = new ArrayList<>(List.of("witness", "--json"));
        List<String> settings = new ArrayList<>(List.of(
                "witness.state=" + directory.resolve(name),
                "witness.name=" + name + ".example",
                "witness.logs=" + logKeys,
                "http.port=0"));
        settings.addAll(List.of(more));
        settings.forEach(setting -> command.addAll(List.of("--set", setting)));
        Process process = Terminal.start(directory, S3, Terminal.command(command.toArray()));
        Terminal.read(process.getErrorStream());
        String line =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        assertThat(line).as("the witness is ready").isNotNull();
        return new Running(process, CanonicalJson.parseObject(Bytes.utf8(line)));
    }

    private List<Path> proofs(String name) throws IOException {
        Path place = directory.resolve(name).resolve("split-views");
        if (!Files.isDirectory(place)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(place)) {
            return files.toList();
        }
    }

    private static AddCheckpoint request(LogFixture log, long old, long size) throws Exception {
        return new AddCheckpoint(
                old, old == 0 || old == size ? List.of() : log.proofs(size).consistency(old), log.checkpoint(size));
    }

    /** One log, two histories from entry 3 on, signed by one key. */
    @Test
    void aLogThatShowsTwoHistoriesToTwoWitnessesIsCaughtByEither() throws Exception {
        LogFixture honest = forked("one");
        LogFixture other = forked("other");
        assertThat(other.logKey().key()).isEqualTo(honest.logKey().key());
        String key =
                VerifierKey.ofLog(honest.log().origin(), honest.logKey().key()).text();
        try (Running first = witness("first", key);
                Running second = witness("second", key)) {
            assertThat(first.ask(request(honest, 0, 3)).statusCode()).isEqualTo(200);
            assertThat(second.ask(request(other, 0, 3)).statusCode()).isEqualTo(200);
            // From here on each sees another history, and each alone sees a log that grows.
            assertThat(first.ask(request(honest, 3, 6)).statusCode()).isEqualTo(200);
            assertThat(second.ask(request(other, 3, 7)).statusCode()).isEqualTo(200);
            assertThat(proofs("first")).isEmpty();
            assertThat(proofs("second")).isEmpty();

            // kill -9 in between: what was said is remembered.
            first.kill();
            try (Running again = witness("first", key)) {
                assertThat(again.vkey()).isEqualTo(first.vkey());
                assertThat(again.ask(request(honest, 3, 6)).statusCode()).isEqualTo(409);
                HttpResponse<String> refused = again.ask(request(other, 6, 7));
                assertThat(refused.statusCode()).isEqualTo(422);
                assertThat(refused.body()).contains("two histories");
            }
            assertThat(second.ask(request(honest, 7, 7)).statusCode()).isEqualTo(422);
        }
        for (String name : List.of("first", "second")) {
            assertThat(proofs(name)).hasSize(1);
            Path proof = proofs(name).get(0);
            Terminal.Result proven = Terminal.terraseal(directory, "verify", "--split-view", proof, "--log-key", key);
            assertThat(proven.exit()).as(proven.toString()).isZero();
            assertThat(proven.out())
                    .contains("Two histories of", honest.log().origin().value());
            assertThat(proven.err()).contains("exit 0: the log signed two histories");
        }
        Path changed = Files.writeString(
                directory.resolve("changed.json"),
                Files.readString(proofs("first").get(0)).replace("\\n6\\n", "\\n5\\n"));
        assertThat(Terminal.terraseal(directory, "verify", "--split-view", changed, "--log-key", key)
                        .exit())
                .isEqualTo(4);
    }

    /** An auditor's monitor: the archive is a bucket, requests come over HTTP, and both have their bad days. */
    @Test
    void aMonitorReadsTheArchiveInABucketBeforeItCosigns() throws Exception {
        LogFixture log =
                forked("one").rotateAttestKey().apply("acme/infra/prod", 3, 4).heads();
        String key = VerifierKey.ofLog(log.log().origin(), log.logKey().key()).text();
        try (S3StandIn s3 = S3StandIn.start(Clock.systemUTC())) {
            s3.createBucket("evidence", true);
            Path late = archive(s3, "prod/", log);
            String[] settings = monitor(s3, "prod", log);
            Running monitor = witness("monitor", key, settings);
            assertThat(monitor.ask(request(log, 0, 4)).statusCode()).isEqualTo(200);
            monitor.kill();
            // What was planted on top since does not count, and what was read is not read again.
            s3.plant("evidence", "prod/segments/00000000000000000003.jsonl", Bytes.utf8("on top\n"));
            try (Running again = witness("monitor", key, settings)) {
                s3.fault(Fault.HALF_AN_ANSWER, 1);
                HttpResponse<String> unread = again.ask(request(log, 4, 8));
                assertThat(unread.statusCode()).as(unread.body()).isEqualTo(503);
                assertThat(unread.body()).contains("the log could not be read on");
                assertThat(again.ask(request(log, 4, 8)).statusCode()).isEqualTo(200);
                HttpResponse<String> early = again.ask(request(log, 8, log.size()));
                assertThat(early.statusCode()).as(early.body()).isEqualTo(503);
                keep(s3, "prod/", late, "segments/00000000000000000009.jsonl");
                assertThat(again.ask(request(log, 8, log.size())).statusCode()).isEqualTo(200);
            }
            // A bucket whose entries are not those of the checkpoint: nothing is cosigned, whatever the log signed.
            archive(s3, "other/", forked("other"));
            try (Running deceived = witness("deceived", key, monitor(s3, "other", log))) {
                assertThat(deceived.ask(request(log, 0, 3)).statusCode()).isEqualTo(200);
                HttpResponse<String> refused = deceived.ask(request(log, 3, 6));
                assertThat(refused.statusCode()).isEqualTo(422);
                assertThat(refused.body()).contains("the entries of the archive give root");
            }
        }
    }

    private static final Map<String, String> S3 =
            Map.of("AWS_ACCESS_KEY_ID", "e2e", "AWS_SECRET_ACCESS_KEY", "e2e", "AWS_REGION", "us-east-1");

    private static String[] monitor(S3StandIn s3, String prefix, LogFixture log) {
        return new String[] {
            "archive=s3://evidence/" + prefix,
            "archive.s3.endpoint=" + s3.endpoint(),
            "witness.genesis=" + log.log().genesis()
        };
    }

    /** Puts a log's archive into a bucket but for a segment that comes later, and returns where it was made. */
    private Path archive(S3StandIn s3, String prefix, LogFixture log) throws Exception {
        Path made = directory.resolve("made-" + prefix);
        FixtureArchive.write(log, made, 3);
        for (String name : FixtureBundle.files(made).keySet()) {
            if (!name.equals("segments/00000000000000000009.jsonl")) {
                keep(s3, prefix, made, name);
            }
        }
        return made;
    }

    private static void keep(S3StandIn s3, String prefix, Path from, String name) throws Exception {
        Bytes content = Bytes.wrap(Files.readAllBytes(from.resolve(name)));
        try (S3Store store = S3Store.open(
                new S3Location("evidence", prefix, s3.endpoint(), null, true),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("e2e", "e2e")))) {
            store.keep(name, content, Instant.now().plusSeconds(86_400), Validity.any());
        }
    }

    private static LogFixture forked(String history) {
        LogFixture log = LogFixture.seeded("terraseal.local/forked", 99);
        for (int i = 0; i < 3; i++) {
            log.apply("acme/infra/prod", i, i + 1);
        }
        for (int i = 3; i < 8; i++) {
            log.apply("acme/infra/" + history, i, i + 1);
        }
        return log;
    }

    /** {@code up} with a policy of two: a bundle is trusted under the quorum, and is not with a cosignature less. */
    @Test
    void aLogIsWitnessedAndItsBundlesShowIt() throws Exception {
        Path data = directory.resolve("data");
        String logKey;
        try (Up birth = Up.start(data)) {
            logKey = birth.ready().string("logKey");
        }
        try (Running one = witness("one", logKey);
                Running two = witness("two", logKey)) {
            String policy = "witness one " + one.vkey() + " " + one.place() + "\nwitness two " + two.vkey() + " "
                    + two.place() + "\ngroup both all one two\nquorum both\n";
            Path file = Files.writeString(directory.resolve("policy"), policy);
            try (Up up = Up.start(data, "--witnesses", file.toString())) {
                Path event = Files.writeString(directory.resolve("event.json"), EVENT);
                Terminal.Result sent = Terminal.terraseal(directory, "submit", event, "--server", up.http(), "--wait");
                assertThat(sent.exit()).as(sent.toString()).isZero();
                awaitQuorum(up);
                Path bundle = directory.resolve("bundle");
                Terminal.Result exported = Terminal.terraseal(directory, "export", "--data", data, "--out", bundle);
                assertThat(exported.exit()).as(exported.toString()).isZero();
                long size = SignedNote.parse(Bytes.wrap(Files.readAllBytes(bundle.resolve("checkpoint"))))
                        .lines()
                        .size();
                if (size < 3) {
                    // The export's own heads entry made a newer checkpoint, which was not cosigned yet.
                    awaitQuorum(up);
                    bundle = directory.resolve("bundle2");
                    exported = Terminal.terraseal(directory, "export", "--data", data, "--out", bundle);
                    assertThat(exported.exit()).as(exported.toString()).isZero();
                }
                requireQuorum(bundle, up, policy);
                Terminal.Result archive = Terminal.terraseal(
                        directory, "verify", data.resolve("archive"), "--trust", directory.resolve("trust.json"));
                assertThat(archive.exit()).as(archive.toString()).isZero();
                assertThat(archive.out()).contains("Witnesses valid", "seen by a quorum at");
            }
        }
    }

    private static final String EVENT = """
        {"id":"run-1","type":"https://terraseal.dev/terraform-apply/v1","stream":"acme/infra/prod",\
        "occurredAt":"2026-11-22T01:02:03.123Z","subjects":[{"name":"tfplan","digest":{"sha256":"%s"}}],\
        "predicate":{"outcome":"succeeded"}}
        """.formatted("ab".repeat(32));

    private static void awaitQuorum(Up up) throws Exception {
        long deadline = System.nanoTime() + 120_000_000_000L;
        while (up.gauge("terraseal_archiver_witnessed_size") < up.gauge("terraseal_archiver_checkpoint_size")
                || up.gauge("terraseal_archiver_checkpoint_size") < 1) {
            assertThat(System.nanoTime()).as("a quorum cosigns").isLessThan(deadline);
            Thread.sleep(100);
        }
    }

    private void requireQuorum(Path bundle, Up up, String policy) throws IOException {
        Path trust = Files.writeString(
                directory.resolve("trust.json"),
                Json.obj()
                        .put("format", 1)
                        .put("genesis", up.genesis())
                        .put("origin", up.ready().string("origin"))
                        .put("witnesses", policy)
                        .build()
                        .bytes()
                        .utf8());
        Terminal.Result holds = Terminal.terraseal(directory, "verify", bundle, "--trust", trust);
        assertThat(holds.exit()).as(holds.toString()).isZero();
        assertThat(holds.out()).contains("Witnesses valid", "2 cosignatures, seen by a quorum at");
        Path checkpoint = bundle.resolve("checkpoint");
        checkpoint.toFile().setWritable(true);
        String note = Files.readString(checkpoint);
        Files.writeString(checkpoint, note.substring(0, note.lastIndexOf("\u2014")));
        Terminal.Result stripped = Terminal.terraseal(directory, "verify", bundle, "--trust", trust, "--all");
        assertThat(stripped.exit()).as(stripped.toString()).isEqualTo(4);
        assertThat(stripped.out()).contains("which is not the quorum it asks for");
    }
}
