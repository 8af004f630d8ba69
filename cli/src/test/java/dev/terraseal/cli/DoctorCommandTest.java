package dev.terraseal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.witness.AddCheckpoint;
import dev.terraseal.testkit.kms.KeySpec;
import dev.terraseal.testkit.kms.KmsStandIn;
import dev.terraseal.testkit.log.FixtureArchive;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.witness.WitnessConfig;
import dev.terraseal.witness.WitnessService;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code doctor} on witnesses and keys, as it is called. */
class DoctorCommandTest {
    private static final String WITNESS = "witness.example/w1";

    @TempDir
    private Path directory;

    private record Ran(int code, String out, String err) {}

    @BeforeEach
    void credentials() {
        System.setProperty("aws.accessKeyId", "TESTKEY");
        System.setProperty("aws.secretAccessKey", "TESTSECRET");
    }

    @AfterEach
    void forget() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    private static Ran run(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Terraseal.command()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(Stream.of(arguments).map(String::valueOf).toArray(String[]::new));
        return new Ran(code, out.toString(), err.toString());
    }

    private static Ran doctor(String... settings) {
        List<Object> arguments = new ArrayList<>(List.of("doctor"));
        for (String setting : settings) {
            arguments.add("--set");
            arguments.add(setting);
        }
        return run(arguments.toArray());
    }

    private WitnessService witness(String state, VerifierKey log) throws Exception {
        return WitnessService.start(
                new WitnessConfig(
                        directory.resolve(state),
                        WITNESS,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        List.of(log),
                        null),
                new SecureRandom(),
                Clock.systemUTC());
    }

    private Ran asked(VerifierKey key, URI place) throws IOException {
        Path policy = directory.resolve("policy");
        Files.writeString(policy, "witness w1 " + key.text() + " " + place + "\nquorum w1\n");
        return doctor("archive=" + directory.resolve("archive"), "archiver.witnesses=" + policy);
    }

    /** A default in the place of what is wrong would be another store, or no witness. */
    @Test
    void aSettingThatIsWrongIsSaidAndNothingElseLookedAt() {
        Ran wrong = doctor(
                "archive=s3://No_Bucket/x",
                "archiver.witnesses=" + directory.resolve("none"),
                "time.authorities=tsa",
                "signer.key=gcpkms://x",
                "kafka.client.acks=0",
                "kafka.bootstrap=127.0.0.1:1");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.out().lines().filter(line -> line.startsWith("MEND   settings: ")))
                .hasSize(5);
        assertThat(wrong.out()).doesNotContain("archive: ", "topics: ");
    }

    @Test
    void whatNobodyReadIsNamedAndADirectoryThatIsNotThereIsNotMade() {
        Path misspelt = directory.resolve("archvie");
        Ran found = doctor("archive=" + misspelt, "archiver.checkpiont-interval=1s");
        assertThat(found.code()).isEqualTo(2);
        assertThat(found.out()).contains("archiver.checkpiont-interval", "there is no archive directory " + misspelt);
        assertThat(misspelt).doesNotExist();
    }

    @Test
    void eachWitnessIsAskedAboutTheLogInTheArchive() throws Exception {
        LogFixture log = LogFixture.small();
        FixtureArchive.write(log, directory.resolve("archive"), 3);
        VerifierKey logKey = VerifierKey.ofLog(log.log().origin(), log.logKey().key());
        try (WitnessService witness = witness("state", logKey);
                WitnessService impostor = witness("impostor", logKey)) {
            Ran fresh = asked(witness.key(), witness.place());
            assertThat(fresh.code()).as(fresh.out()).isZero();
            assertThat(fresh.out()).contains("ok     witness: " + WITNESS, "has cosigned nothing of this log yet");

            for (WitnessService each : List.of(witness, impostor)) {
                HttpRequest add = HttpRequest.newBuilder(each.place().resolve("/add-checkpoint"))
                        .POST(BodyPublishers.ofByteArray(new AddCheckpoint(0, List.of(), log.checkpoint(4))
                                .bytes()
                                .toByteArray()))
                        .build();
                assertThat(HttpClient.newHttpClient()
                                .send(add, BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(200);
            }
            assertThat(asked(witness.key(), witness.place()).out())
                    .contains("ok     witness: ", " cosigned size 4 at 20");
            // Same name, another key behind the address of the policy.
            Ran other = asked(witness.key(), impostor.place());
            assertThat(other.code()).isEqualTo(2);
            assertThat(other.out()).contains("MEND   witness: ", "no cosignature by the key of the policy");
            Ran silent = asked(witness.key(), URI.create("http://127.0.0.1:1/"));
            assertThat(silent.code()).isEqualTo(3);
            assertThat(silent.out()).contains("MEND   witness: ", "does not answer");
        }
    }

    private Path born() {
        Ran init = run("log", "init", "--dir", directory.resolve("log"), "--archive", directory.resolve("archive"));
        assertThat(init.code()).as(init.err()).isZero();
        return directory.resolve("log");
    }

    private Ran keys(Path log, String... more) {
        List<String> settings = new ArrayList<>(List.of(
                "log.declaration=" + log.resolve("log.json"),
                "keys.directory=" + log.resolve("keys"),
                "archive=" + directory.resolve("archive")));
        settings.addAll(List.of(more));
        return doctor(settings.toArray(String[]::new));
    }

    private static Path fileOf(Path log, String use) throws IOException {
        try (Stream<Path> files = Files.walk(log)) {
            return files.filter(file -> file.getFileName().toString().startsWith(use + "-"))
                    .filter(file -> file.toString().endsWith(".pem"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void keyFilesAreClosedToOthersAndAreThoseTheLogNames() throws Exception {
        Path log = born();
        Ran well = keys(log, "signer.key=local", "archiver.key=local");
        assertThat(well.code()).as(well.out()).isZero();
        assertThat(well.out())
                .contains("judged by log.json and the 0 key events of the archive")
                .contains("is ingest key ", "is export key ", "in force from entry 0")
                .contains("entry 0 would be signed by attest key ", "entry 0 would be signed by log key ");

        Path attest = fileOf(log, "attest");
        mended(log, "can be read by others (mode rw-r--r--)", "chmod 600", () -> mode(attest, "rw-r--r--"));
        mode(attest, "rw-------");
        mended(
                log,
                "others can put files into the key directory",
                "chmod 700",
                () -> mode(log.resolve("keys"), "rwxrwx---"));
        mode(log.resolve("keys"), "rwx------");
        Path authority = fileOf(log, "authority");
        Path beside = attest.resolveSibling(authority.getFileName().toString());
        mended(
                log,
                "is an authority key among the keys of services",
                "take it offline",
                () -> Files.copy(authority, beside));
        Files.delete(beside);
        Path renamed = attest.resolveSibling("attest-0000000000000000.pem");
        mended(log, "is not what its name says", "restore the right file", () -> Files.move(attest, renamed));
        Ran missing = keys(log, "signer.key=local");
        assertThat(missing.out()).contains("MEND   keys: entry 0 is to be signed by attest key ");
        Files.move(renamed, attest);

        Ran other =
                doctor("log.declaration=" + log.resolve("log.json"), "keys.directory=" + directory.resolve("nowhere"));
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.out()).contains("judged by log.json alone", "there is no key directory");
        assertThat(doctor("keys.directory=" + log.resolve("keys"), "log.declaration=" + directory.resolve("no.json"))
                        .out())
                .contains("MEND   keys: " + directory.resolve("no.json"));
    }

    private interface Damage {
        Object happens() throws IOException;
    }

    private void mended(Path log, String what, String mend, Damage damage) throws IOException {
        Object unused = damage.happens();
        Ran found = keys(log);
        assertThat(found.code()).as(found.out()).isEqualTo(2);
        assertThat(found.out().lines().filter(line -> line.startsWith("MEND")).toList())
                .as(found.out())
                .hasSize(1)
                .allMatch(line -> line.contains(what) && line.contains(mend));
    }

    private static Path mode(Path path, String mode) throws IOException {
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    @Test
    void aKeyAtKmsIsLookedAtAndNotUsed() throws Exception {
        try (KmsStandIn kms = new KmsStandIn()) {
            String arn = kms.createKey(KeySpec.ECC_NIST_P256);
            String logArn = kms.createKey(KeySpec.ECC_NIST_EDWARDS25519);
            Ran init = run(
                    "log",
                    "init",
                    "--dir",
                    directory.resolve("log"),
                    "--archive",
                    directory.resolve("archive"),
                    "--key",
                    "awskms://" + arn,
                    "--log-key-source",
                    "awskms://" + logArn,
                    "--kms-endpoint",
                    kms.endpoint());
            assertThat(init.code()).as(init.err()).isZero();
            Path log = directory.resolve("log");
            assertThat(kms.count("Sign")).as("the checkpoint of size 0").isEqualTo(1);
            String[] settings = {
                "signer.key=awskms://" + arn, "archiver.key=awskms://" + logArn, "kms.endpoint=" + kms.endpoint()
            };
            Ran well = keys(log, settings);
            assertThat(well.code()).as(well.out()).isZero();
            assertThat(well.out())
                    .contains("ok     keys: " + arn + " is Enabled, ECC_NIST_P256, SIGN_VERIFY")
                    .contains("-      keys: not tried: kms:Sign with " + arn)
                    .contains("entry 0 would be signed by attest key ", "entry 0 would be signed by log key ");
            assertThat(kms.count("Sign")).isEqualTo(1);

            kms.disable(arn);
            Ran disabled = keys(log, settings);
            assertThat(disabled.code()).isEqualTo(2);
            assertThat(disabled.out()).contains("MEND   keys: " + arn + " is Disabled", "aws kms enable-key");
            kms.enable(arn);
            kms.deny(arn, "DescribeKey");
            Ran hidden = keys(log, settings);
            assertThat(hidden.code()).as(hidden.out()).isZero();
            assertThat(hidden.out()).contains("-      keys: not tried: the state of the key, which no service needs");
            kms.deny(arn, "GetPublicKey");
            Ran closed = keys(log, settings);
            assertThat(closed.code()).isEqualTo(2);
            assertThat(closed.out()).contains("MEND   keys: ", "Allow kms:GetPublicKey");
            kms.allow(arn);
            kms.replaceKeyMaterial(arn);
            assertThat(keys(log, settings).out()).contains("MEND   keys: ", "which the log does not declare");
        }
    }

    @Test
    void oneCopyOfEachRecordIsAProblemOfTheSettingsAndNoBreakdown() {
        Ran ran = doctor("kafka.bootstrap=127.0.0.1:9", "kafka.replication=1");
        assertThat(ran.out()).as(ran.err()).contains("kafka.min-insync is 2, and with kafka.replication 1 ");
        assertThat(ran.code()).isEqualTo(2);
    }
}
