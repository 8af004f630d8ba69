package dev.terraseal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.Topics;
import dev.terraseal.schemas.TopicSchemas;
import dev.terraseal.schemas.registry.RegistryClient;
import dev.terraseal.store.s3.Administrator;
import dev.terraseal.store.s3.S3Location;
import dev.terraseal.store.s3.S3Store;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.s3.Quirk;
import dev.terraseal.testkit.s3.S3StandIn;
import dev.terraseal.testkit.tsa.TestAuthority;
import dev.terraseal.witness.StateDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Produces every failure of docs/troubleshooting.md and holds what the command says against what stands there. */
class TroubleshootingTest {
    private static final Map<String, String> S3 =
            Map.of("AWS_ACCESS_KEY_ID", "e2e", "AWS_SECRET_ACCESS_KEY", "e2e", "AWS_REGION", "us-east-1");
    private static final String SOME_LOG = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)`.*");

    /** Makes the failure and gives what was said of it. */
    @FunctionalInterface
    interface Failure {
        Terminal.Result produce() throws Exception;
    }

    /** @param begins how the row of the document begins */
    private record Expected(String begins, int exit, Failure failure) {}

    @TempDir
    Path directory;

    private Path running;
    private Up up;
    private boolean entered;

    @TestFactory
    Stream<DynamicTest> everyRowIsWhatTheCommandSays() throws Exception {
        List<String> rows = rows();
        List<Expected> expected = new ArrayList<>(withoutServer());
        expected.addAll(withServer());
        List<DynamicTest> tests = new ArrayList<>();
        Map<String, Expected> known = new LinkedHashMap<>();
        for (Expected each : expected) {
            String row = rows.stream()
                    .filter(text -> text.startsWith(each.begins()))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no row begins with: " + each.begins()));
            known.put(row, each);
            tests.add(DynamicTest.dynamicTest(row, () -> requireSaid(row, each)));
        }
        assertThat(known.keySet()).as("rows of docs/troubleshooting.md").containsExactlyInAnyOrderElementsOf(rows);
        return tests.stream().onClose(this::stop);
    }

    private static List<String> rows() throws IOException {
        List<String> rows = new ArrayList<>();
        for (String line : Files.readAllLines(Terminal.ROOT.resolve("docs/troubleshooting.md"))) {
            Matcher matcher = ROW.matcher(line);
            if (matcher.matches()) {
                rows.add(matcher.group(1));
            }
        }
        return rows;
    }

    private static void requireSaid(String row, Expected expected) throws Exception {
        Terminal.Result result = expected.failure().produce();
        StringBuilder pattern = new StringBuilder("(?s).*");
        for (String piece : row.split("…", -1)) {
            pattern.append(Pattern.quote(piece)).append("[^\\n]*");
        }
        assertThat(result.out() + result.err()).as(result.toString()).matches(pattern + ".*");
        assertThat(result.exit()).as(result.toString()).isEqualTo(expected.exit());
    }

    private List<Expected> withoutServer() {
        return List.of(
                new Expected("no Java found", 2, this::noJava),
                new Expected("JAVA_HOME is", 2, this::wrongJavaHome),
                new Expected("JDK 17 or newer", 2, this::oldJava),
                new Expected("the data directory … has layout 2", 2, this::newerLayout),
                new Expected("the archive … holds the log", 2, this::twoLogsOneArchive),
                new Expected(
                        "the data directory holds the log", 2, () -> up(log("named"), "--origin", "acme.com/other")),
                new Expected("is '0.0.0.0'", 2, () -> up(directory.resolve("open"), "--host", "0.0.0.0")),
                new Expected("private key", 3, this::openKey),
                new Expected("there is no log in", 2, () -> Terminal.terraseal(empty(), "log", "list")),
                new Expected("no server answers", 3, this::nobodyThere),
                new Expected("bucket", 3, this::noObjectLock),
                new Expected("has no lock although", 2, this::lockTakenAway),
                new Expected("is locked in GOVERNANCE mode", 4, this::lockedByPermission),
                new Expected("INTACT", 5, () -> Terminal.terraseal(directory, "verify", demo())),
                new Expected("SIGNED, NOT YET", 5, this::promised),
                new Expected("Hash mismatch", 4, this::tampered),
                new Expected("time authority", 3, this::noTimeAuthority),
                new Expected("the trust file names time authorities", 4, this::neverStamped),
                new Expected("no attest key", 2, this::lastKey),
                new Expected("the key event is not authorised", 2, this::wrongAuthority),
                new Expected("is signed by", 4, this::stolenKey),
                new Expected("The checkpoint is signed by log key", 4, this::stolenLogKey),
                new Expected("the state directory … is in use", 3, () -> witness("w.example")),
                new Expected("the state directory … is that of", 3, () -> witness("other.example")),
                new Expected("no proof of two histories", 4, this::noSplitView),
                new Expected("port … on 127.0.0.1", 3, this::brokerPortTaken));
    }

    /** A witness that is there, held by this process while it has the name asked for. */
    private Terminal.Result witness(String name) throws Exception {
        Path memory = directory.resolve("witness");
        StateDirectory held = StateDirectory.open(memory, "w.example", KeyUse.WITNESS, new SecureRandom());
        try (held) {
            if (!name.equals("w.example")) {
                held.close();
            }
            return Terminal.terraseal(
                    directory,
                    "witness",
                    "--set",
                    "witness.state=" + memory,
                    "--set",
                    "witness.name=" + name,
                    "--set",
                    "witness.logs=" + SOME_LOG);
        }
    }

    private Terminal.Result noSplitView() {
        return Terminal.terraseal(
                directory, "verify", "--split-view", demo().resolve("log.json"), "--log-key", SOME_LOG);
    }

    private List<Expected> withServer() {
        return List.of(
                new Expected("HTTP port", 2, this::httpPortTaken),
                new Expected("the data directory … is in use", 2, () -> up(running())),
                new Expected("no receipt for", 3, this::rejected),
                new Expected("topic terraseal.events: the number of partitions", 3, this::strangePartition),
                new Expected("a checkpoint of size", 3, this::topicsLost),
                new Expected("entry … is to be signed by", 3, this::keyElsewhere),
                new Expected("a log is taken up on empty topics", 3, this::topicsThere));
    }

    private Terminal.Result noTimeAuthority() throws Exception {
        int port;
        try (ServerSocket gone = new ServerSocket(0)) {
            port = gone.getLocalPort();
        }
        return Terminal.terraseal(
                directory, "doctor", "--set", "time.authorities=gone=http://127.0.0.1:" + port + "/tsr");
    }

    private Terminal.Result neverStamped() throws Exception {
        Path demo = demo();
        LogDeclaration log = LogDeclaration.parse(Bytes.wrap(Files.readAllBytes(demo.resolve("log.json"))));
        Json.Obj root =
                Json.obj().put("root", TestAuthority.seeded("tsa", 1).rootPem()).build();
        Json.Obj trust = Json.obj()
                .put("format", 1)
                .put("origin", log.origin().value())
                .put("genesis", log.genesis())
                .put("timeAuthorities", Json.arr(List.of(root)))
                .build();
        Path file =
                Files.writeString(directory.resolve("trust.json"), trust.bytes().utf8());
        return Terminal.terraseal(directory, "verify", demo, "--trust", file);
    }

    private Terminal.Result noJava() throws IOException {
        Path bin = Files.createDirectories(directory.resolve("bin"));
        for (String tool : List.of("bash", "dirname", "readlink")) {
            Files.createSymbolicLink(bin.resolve(tool), Path.of("/usr/bin", tool));
        }
        return Terminal.run(directory, Map.of("PATH", bin.toString(), "JAVA_HOME", ""), Terminal.command("up"));
    }

    private Terminal.Result wrongJavaHome() {
        String gone = directory.resolve("jdk-gone").toString();
        return Terminal.run(directory, Map.of("JAVA_HOME", gone), Terminal.command("up"));
    }

    private Terminal.Result oldJava() throws IOException {
        Path home = Files.createDirectories(directory.resolve("jdk-11"));
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nexit 99\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"11.0.2\"\n");
        return Terminal.run(directory, Map.of("JAVA_HOME", home.toString()), Terminal.command("up"));
    }

    private Terminal.Result newerLayout() throws IOException {
        Path data = Files.createDirectories(directory.resolve("newer"));
        Files.writeString(data.resolve("layout"), "2\n");
        return up(data);
    }

    private Terminal.Result twoLogsOneArchive() throws IOException {
        return up(log("first"), "--archive", log("second").resolve("archive").toString());
    }

    private Terminal.Result openKey() throws IOException {
        Path data = log("open-key");
        try (Stream<Path> keys = Files.list(data.resolve("keys"))) {
            for (Path key : keys.toList()) {
                Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
            }
        }
        return up(data);
    }

    private Terminal.Result nobodyThere() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        return Terminal.terraseal(directory, "log", "tail", "--server", "http://127.0.0.1:" + port);
    }

    private Terminal.Result noObjectLock() throws Exception {
        try (S3StandIn s3 = S3StandIn.start(Clock.systemUTC())) {
            Surroundings.createBucket(s3.endpoint(), "plain", false);
            return Terminal.run(
                    directory,
                    S3,
                    Terminal.command(
                            "log",
                            "init",
                            "--dir",
                            directory.resolve("s3"),
                            "--archive",
                            "s3://plain/log",
                            "--s3-endpoint",
                            s3.endpoint()));
        }
    }

    private Terminal.Result lockTakenAway() throws Exception {
        try (S3StandIn s3 = S3StandIn.start(Clock.systemUTC(), Quirk.IGNORES_LOCK)) {
            attempt(s3, "lost", Administrator.Attempt.REMOVE_RETENTION);
            return Terminal.run(
                    directory,
                    S3,
                    Terminal.command(
                            "doctor",
                            "--set",
                            "archive=s3://evidence/lost",
                            "--set",
                            "archive.s3.endpoint=" + s3.endpoint()));
        }
    }

    private Terminal.Result lockedByPermission() throws Exception {
        try (S3StandIn s3 = S3StandIn.start(Clock.systemUTC(), Quirk.IGNORES_LOCK)) {
            attempt(s3, "weak", Administrator.Attempt.DOWNGRADE);
            return Terminal.run(
                    directory, S3, Terminal.command("audit", "s3://evidence/weak", "--s3-endpoint", s3.endpoint()));
        }
    }

    /** Begins a log in a bucket and does that to its log.json. */
    private void attempt(S3StandIn s3, String name, Administrator.Attempt attempt) throws Exception {
        s3.createBucket("evidence", true);
        Terminal.Result born = Terminal.run(
                directory,
                S3,
                Terminal.command(
                        "log",
                        "init",
                        "--dir",
                        directory.resolve(name),
                        "--archive",
                        "s3://evidence/" + name,
                        "--s3-endpoint",
                        s3.endpoint()));
        assertThat(born.exit()).as(born.toString()).isZero();
        S3Location location = new S3Location("evidence", name + "/", s3.endpoint(), null, true);
        StaticCredentialsProvider credentials =
                StaticCredentialsProvider.create(AwsBasicCredentials.create("e2e", "e2e"));
        try (Administrator administrator = new Administrator(location, credentials);
                S3Store store = S3Store.openForReading(location, credentials)) {
            String version = store.versions("log.json").get(0).id();
            assertThat(administrator.attempt(attempt, "log.json", version)).isTrue();
        }
    }

    /** The receipt of an entry that no checkpoint covers yet has no proof. */
    private Terminal.Result promised() throws IOException {
        Path proven = Terminal.ROOT.resolve("examples/receipt/0.receipt.json");
        Receipt receipt = Receipt.parse(Bytes.wrap(Files.readAllBytes(proven)));
        Receipt promise = new Receipt(receipt.log(), receipt.signed(), null, List.of());
        Path file =
                Files.write(directory.resolve("0.receipt.json"), promise.bytes().toByteArray());
        return Terminal.terraseal(
                directory, "verify", file, "--genesis", receipt.log().genesis().hex());
    }

    private Terminal.Result tampered() throws IOException {
        Path copy = directory.resolve("tampered");
        try (Stream<Path> files = Files.walk(demo())) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(demo().relativize(file).toString()));
            }
        }
        Path artifact = copy.resolve("artifacts/00000000000000000001.json");
        artifact.toFile().setWritable(true);
        Files.writeString(artifact, Files.readString(artifact).replace("succeeded", "Succeeded"));
        return Terminal.terraseal(directory, "verify", copy);
    }

    private Terminal.Result lastKey() throws IOException {
        Path data = log("last-key");
        String key = Terminal.terraseal(directory, "key", "list", "--data", data)
                .out()
                .lines()
                .filter(line -> line.startsWith("attest"))
                .map(line -> line.split(" +")[2].substring(0, 16))
                .findFirst()
                .orElseThrow();
        return Terminal.terraseal(
                directory, "key", "revoke", key, "--data", data, "--out", directory.resolve("x.json"), "--reason", "x");
    }

    private Terminal.Result wrongAuthority() throws IOException {
        return Terminal.terraseal(
                directory,
                "key",
                "rotate",
                "--data",
                log("right"),
                "--authority",
                log("wrong").resolve("authority"),
                "--reason",
                "x");
    }

    private Terminal.Result stolenKey() throws IOException {
        return verified(
                LogFixture.small().rotateAttestKey().revokeFirstAttestKey(2).heads(), "stolen");
    }

    private Terminal.Result stolenLogKey() throws IOException {
        LogFixture log = LogFixture.small();
        return verified(log.revoke(log.logKey(), 2), "stolen-log-key");
    }

    private Terminal.Result verified(LogFixture log, String name) throws IOException {
        Path bundle = directory.resolve(name);
        FixtureExport.of(log).whole().write(bundle);
        return Terminal.terraseal(
                directory, "verify", bundle, "--genesis", log.log().genesis());
    }

    /** The new key is made where the running signer does not look. */
    private Terminal.Result keyElsewhere() throws Exception {
        Path data = directory.resolve("elsewhere");
        try (Up started = Up.start(data)) {
            Terminal.Result rotated = Terminal.terraseal(
                    directory,
                    "key",
                    "rotate",
                    "--data",
                    data,
                    "--keys",
                    directory.resolve("other-keys"),
                    "--authority",
                    data.resolve("authority-take-offline"),
                    "--reason",
                    "x");
            assertThat(rotated.exit()).as(rotated.toString()).isZero();
            assertThat(started.isAlive()).isTrue();
        }
        return up(data);
    }

    private Terminal.Result brokerPortTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Terminal.terraseal(
                    directory,
                    "up",
                    "--data",
                    directory.resolve("kafka-port"),
                    "--port",
                    0,
                    "--kafka-port",
                    taken.getLocalPort());
        }
    }

    private Terminal.Result httpPortTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Terminal.terraseal(
                    directory,
                    "up",
                    "--data",
                    directory.resolve("http-port"),
                    "--kafka-port",
                    0,
                    "--port",
                    taken.getLocalPort());
        }
    }

    /** Only a producer beside ingest comes so far: ingest refuses such an event at its door. */
    private Terminal.Result rejected() throws Exception {
        running();
        RegistryClient registry = new RegistryClient(URI.create(up.ready().string("registry")), null);
        int event = registry.register(TopicSchemas.EVENT.subject("terraseal"), TopicSchemas.EVENT.text());
        Garbage.Case mismatch = new Garbage(event, event)
                .cases(1).stream()
                        .filter(each -> each.reason().equals("body-mismatch"))
                        .findFirst()
                        .orElseThrow();
        KafkaConnection kafka = new KafkaConnection(up.ready().string("kafka"), Map.of());
        try (Producer<byte[], byte[]> producer = kafka.producer("troubleshooting")) {
            producer.send(new ProducerRecord<>(Topics.EVENTS, 0, null, mismatch.value()))
                    .get(60, TimeUnit.SECONDS);
        }
        Terminal.Result result;
        do {
            result = Terminal.terraseal(
                    directory,
                    "receipt",
                    "--server",
                    up.http(),
                    "--stream",
                    "acme/garbage",
                    "--id",
                    "bad-body-mismatch");
        } while (result.err().contains("it takes a moment") || result.err().contains("it is not known yet"));
        assertThat(result.err()).contains("body-mismatch");
        return result;
    }

    private Terminal.Result strangePartition() throws Exception {
        Path data = withAnEntry();
        KafkaConnection kafka = new KafkaConnection(up.ready().string("kafka"), Map.of());
        try (Admin admin = kafka.admin("troubleshooting")) {
            admin.createPartitions(Map.of(Topics.EVENTS, NewPartitions.increaseTo(2)))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
        stop();
        return up(data);
    }

    private Path withAnEntry() throws IOException {
        Path data = running();
        Path event = directory.resolve("event.json");
        Files.writeString(event, Producers.event("run-1", "acme/prod", "succeeded"));
        Terminal.Result sent = Terminal.terraseal(directory, "submit", event, "--server", up.http(), "--wait");
        assertThat(sent.exit()).as(sent.toString()).isZero();
        entered = true;
        return data;
    }

    /** The log of the failure before, whose Kafka is still there. */
    private Terminal.Result topicsThere() {
        return Terminal.terraseal(directory, "log", "resume", "--data", directory.resolve("elsewhere"), "--yes");
    }

    private Terminal.Result topicsLost() throws Exception {
        Path data = entered ? directory.resolve("running") : withAnEntry();
        stop();
        try (Stream<Path> files = Files.walk(data.resolve("kafka"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        return up(data);
    }

    private static Terminal.Result up(Path data, String... more) {
        List<Object> words = new ArrayList<>(List.of("up", "--data", data, "--port", 0, "--kafka-port", 0));
        words.addAll(List.of(more));
        return Terminal.run(data.getParent(), Map.of(), Terminal.command(words.toArray()));
    }

    /** A log that has begun, in the form of a data directory, with its archive in it. */
    private Path log(String name) {
        Path data = directory.resolve(name);
        Terminal.Result born = Terminal.terraseal(
                directory,
                "log",
                "init",
                "--dir",
                data,
                "--archive",
                data.resolve("archive"),
                "--origin",
                "e2e.test/" + name);
        assertThat(born.exit()).as(born.toString()).isZero();
        return data;
    }

    private Path empty() throws IOException {
        return Files.createDirectories(directory.resolve("empty"));
    }

    private static Path demo() {
        return Terminal.ROOT.resolve("examples/demo");
    }

    private Path running() throws IOException {
        if (up == null) {
            running = directory.resolve("running");
            up = Up.start(running);
        }
        return running;
    }

    private void stop() {
        if (up != null) {
            up.close();
            up = null;
        }
    }
}
