package dev.terraseal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.store.Validity;
import dev.terraseal.store.s3.Administrator;
import dev.terraseal.store.s3.Administrator.Attempt;
import dev.terraseal.store.s3.S3Location;
import dev.terraseal.store.s3.S3Store;
import dev.terraseal.testkit.log.FixtureArchive;
import dev.terraseal.testkit.log.FixtureBundle;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.s3.Quirk;
import dev.terraseal.testkit.s3.S3StandIn;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** {@code audit} and {@code doctor} as they are called. */
class AuditCommandTest {
    private static final StaticCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("TESTKEY", "TESTSECRET"));

    private final LogFixture fixture = LogFixture.small();

    @TempDir
    private Path directory;

    private S3StandIn service;
    private S3Location location;

    /** What a command printed, and its exit code. */
    private record Ran(int code, String out, String err) {}

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Terraseal.command()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new Ran(code, out.toString(), err.toString());
    }

    @BeforeEach
    void archive() throws Exception {
        // Where the AWS SDK's own chain looks.
        System.setProperty("aws.accessKeyId", "TESTKEY");
        System.setProperty("aws.secretAccessKey", "TESTSECRET");
        service = S3StandIn.start(Clock.systemUTC(), Quirk.IGNORES_LOCK);
        service.createBucket("evidence", true);
        location = new S3Location("evidence", "prod/", service.endpoint(), null, true);
        FixtureArchive.write(fixture, directory.resolve("archive"), 3);
        Instant until = Instant.now().plus(fixture.log().retention());
        try (S3Store store = S3Store.open(location, CREDENTIALS)) {
            for (Map.Entry<String, Path> file :
                    FixtureBundle.files(directory.resolve("archive")).entrySet()) {
                Bytes content = Bytes.wrap(Files.readAllBytes(file.getValue()));
                if (file.getKey().equals("checkpoint") || file.getKey().contains(".p/")) {
                    store.replace(file.getKey(), content);
                } else {
                    store.keep(file.getKey(), content, until, Validity.any());
                }
            }
        }
    }

    @AfterEach
    void close() {
        service.close();
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    private String[] audit(String... more) {
        String[] all = new String[more.length + 4];
        all[0] = "audit";
        all[1] = "s3://evidence/prod";
        all[2] = "--s3-endpoint";
        all[3] = service.endpoint().toString();
        System.arraycopy(more, 0, all, 4, more.length);
        return all;
    }

    private void attempt(Attempt attempt, String name) throws Exception {
        try (Administrator administrator = new Administrator(location, CREDENTIALS);
                S3Store store = S3Store.openForReading(location, CREDENTIALS)) {
            administrator.attempt(attempt, name, store.versions(name).get(0).id());
        }
    }

    @Test
    void noOptionIsPassedOver() {
        String genesis = fixture.log().genesis().hex();
        String archive = directory.resolve("archive").toString();
        assertThat(run("audit", archive, "--s3-region", "eu-central-1").err())
                .contains("--s3-region are for S3: a directory");
        assertThat(run("audit", archive, "--s3-endpoint", "http://localhost:1").code())
                .isEqualTo(2);
        assertThat(run("audit", archive, "--extend").code()).isEqualTo(2);
        assertThat(run("audit", archive, "--integrity-only", "--genesis", genesis)
                        .err())
                .contains("--integrity-only is for an audit without --genesis or --trust");
        assertThat(run("audit", archive, "--at-least", "-1").err()).contains("--at-least is a number of entries");
        assertThat(run("audit", archive, "--integrity-only").code()).isZero();
    }

    @Test
    void anAuditSaysItsVerdictAndItsExitCode() throws Exception {
        String genesis = fixture.log().genesis().hex();
        Ran well = run(audit("--genesis", genesis));
        assertThat(well.code()).as(well.out() + well.err()).isZero();
        assertThat(well.out())
                .contains("Object Lock valid", "COMPLIANCE")
                .contains("Audit of s3://evidence/prod: nothing was tampered with and nothing is missing");
        assertThat(well.err()).contains("terraseal audit: exit 0");
        assertThat(run(audit()).code()).isEqualTo(5);
        assertThat(run(audit("--integrity-only", "--json")).out())
                .contains("\"code\":0", "\"place\":\"s3://evidence/prod\"");
        assertThat(run(audit("--genesis", "0".repeat(64))).code()).isEqualTo(4);
        assertThat(run(audit("--genesis", genesis, "--at-least", "5")).code()).isEqualTo(4);
        Ran local = run("audit", directory.resolve("archive").toString(), "--genesis", genesis);
        assertThat(local.code()).as(local.out()).isZero();
        assertThat(local.out()).contains("a directory has none");
    }

    @Test
    void whatIsLockedByPermissionOnlyIsNamedAndMended() throws Exception {
        attempt(Attempt.DOWNGRADE, "log.json");
        Ran named = run(audit("--genesis", fixture.log().genesis().hex()));
        assertThat(named.code()).isEqualTo(4);
        assertThat(named.out()).contains("log.json is locked in GOVERNANCE mode", "1 not protected as promised");
        Ran doctor = doctor("s3://evidence/prod");
        assertThat(doctor.code()).isEqualTo(2);
        assertThat(doctor.out()).contains("MEND   log: log.json in the archive is locked in GOVERNANCE mode");

        assertThat(run(audit("--genesis", fixture.log().genesis().hex(), "--extend"))
                        .out())
                .contains("1 locks made or made longer");
        assertThat(run(audit("--genesis", fixture.log().genesis().hex())).code())
                .isZero();
        assertThat(doctor("s3://evidence/prod").code()).isZero();
    }

    private Ran doctor(String archive) {
        return run("doctor", "--set", "archive=" + archive, "--set", "archive.s3.endpoint=" + service.endpoint());
    }

    @Test
    void aDoctorNamesWhatIsWrongWithABucket() {
        service.createBucket("unlocked", false);
        Ran unlocked = doctor("s3://unlocked");
        assertThat(unlocked.code()).isEqualTo(2);
        assertThat(unlocked.out()).contains("MEND   archive: bucket unlocked has no Object Lock", "create-bucket");
        assertThat(doctor("s3://evidence/empty").out()).contains("ok     log: the archive holds no log yet");
        URI gone = URI.create("http://127.0.0.1:1");
        assertThat(run("doctor", "--json", "--set", "archive=s3://evidence", "--set", "archive.s3.endpoint=" + gone)
                        .code())
                .isEqualTo(3);
        assertThat(run("doctor").code()).isEqualTo(2);
    }

    @Test
    void whatCannotBeAskedIsUsage() throws Exception {
        Files.writeString(directory.resolve("full"), "x");
        assertThat(run("audit", directory.resolve("none").toString()).code()).isEqualTo(2);
        assertThat(run("audit", directory.resolve("archive").toString(), "--extend")
                        .code())
                .isEqualTo(2);
        assertThat(run(audit("--work", directory.toString())).err()).contains("not empty");
        assertThat(run(audit("--genesis", "6b1f")).code()).isEqualTo(2);
        service.close();
        assertThat(run(audit("--genesis", fixture.log().genesis().hex())).code())
                .isEqualTo(3);
    }
}
