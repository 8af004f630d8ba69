package dev.terraseal.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.store.Validity;
import dev.terraseal.store.s3.Administrator;
import dev.terraseal.store.s3.Administrator.Attempt;
import dev.terraseal.store.s3.S3Location;
import dev.terraseal.store.s3.S3Store;
import dev.terraseal.testkit.keys.RememberingChecker;
import dev.terraseal.testkit.log.FixtureArchive;
import dev.terraseal.testkit.log.FixtureBundle;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.Trust;
import dev.terraseal.verifier.verdict.Finding;
import dev.terraseal.verifier.verdict.FindingName;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** An archive in a bucket, what a malicious administrator does to it, and what an audit then says. */
abstract class AuditContract {
    private static final SignatureChecker CHECKER = new RememberingChecker();
    static final Bytes GARBAGE = Bytes.utf8("{\"half\": \"writ");
    static final String ATTACHMENT =
            "attachments/sha256/" + Digest.of(Bytes.utf8("a raw log")).hex();

    @TempDir
    Path directory;

    LogFixture fixture;
    S3Location location;
    S3Store store;
    Administrator administrator;
    /** What was archived and is locked. */
    final TreeMap<String, Bytes> kept = new TreeMap<>();

    abstract URI endpoint();

    AwsCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create("TESTKEY", "TESTSECRET"));
    }

    /** Objects an attempt is made on: all, or where calls are slow one of each kind. */
    abstract List<String> targets();

    @BeforeEach
    void archive() throws Exception {
        kept.clear();
        fixture = LogFixture.small();
        fixture.rotateAttestKey().batch("acme/infra/dev", 250).heads();
        fixture.apply("acme/infra/prod", 4, 5).heads();
        FixtureArchive.write(fixture, directory, 60);
        Files.createDirectories(directory.resolve("attachments/sha256"));
        Files.writeString(directory.resolve(ATTACHMENT), "a raw log");
        location = new S3Location("t-" + UUID.randomUUID(), "logs/prod/", endpoint(), null, true);
        administrator = new Administrator(location, credentials());
        administrator.createBucket();
        store = S3Store.open(location, credentials());
    }

    @AfterEach
    void close() {
        store.close();
        administrator.close();
    }

    Instant until() {
        return Instant.now().plus(fixture.log().retention());
    }

    void upload() throws IOException {
        upload(until());
    }

    void upload(Instant until) throws IOException {
        for (Map.Entry<String, Path> file : FixtureBundle.files(directory).entrySet()) {
            String name = file.getKey();
            Bytes content = Bytes.wrap(Files.readAllBytes(file.getValue()));
            if (ObjectKind.of(name) == ObjectKind.MUTABLE) {
                store.replace(name, content);
            } else {
                store.keep(name, content, until, Validity.equalTo(content));
                kept.put(name, content);
            }
        }
    }

    AuditReport audit() throws IOException {
        return audit(false);
    }

    AuditReport audit(boolean extend) throws IOException {
        try (WorkDirectory work = WorkDirectory.temporary()) {
            return new Audit(question(), CHECKER, AuditProgress.SILENT).ofStore(store, "s3://t", work, extend);
        }
    }

    Question question() {
        return Question.under(Trust.byGenesis(fixture.log().genesis()));
    }

    static List<String> named(AuditReport report, FindingName name) {
        List<String> files = new ArrayList<>();
        for (Finding finding : report.verdict().findings()) {
            if (finding.name() == name) {
                files.add(finding.file());
            }
        }
        return files;
    }

    private void assertNothingIsWrong(AuditReport report) {
        assertThat(report.verdict().findings()).isEmpty();
        assertThat(report.verdict().code()).isZero();
        assertThat(report.lines()).last().asString().endsWith("nothing was tampered with and nothing is missing");
    }

    String versionOf(String name) throws IOException {
        return store.versions(name).get(0).id();
    }

    @Test
    void anArchiveThatNobodyTouchedIsInOrder() throws Exception {
        upload();
        AuditReport report = audit();
        assertNothingIsWrong(report);
        assertThat(report.objects()).isEqualTo(kept.size());
        assertThat(Instant.parse(String.valueOf(report.lockedUntil()))).isAfter(until().minus(1, ChronoUnit.HOURS));
        assertThat(new Audit(question(), CHECKER, AuditProgress.SILENT)
                        .ofDirectory(directory)
                        .verdict()
                        .code())
                .isZero();
    }

    @Test
    void whatAnAdministratorDoesIsNamedAndChangesNothing() throws Exception {
        upload();
        List<String> targets = targets();
        for (Attempt attempt : Attempt.values()) {
            for (String name : targets) {
                assertThat(administrator.attempt(attempt, name, versionOf(name)))
                        .as(attempt + " " + name)
                        .isEqualTo(attempt.isLeft());
            }
        }
        AuditReport report = audit();
        assertThat(report.verdict().code())
                .as(String.join("\n", report.lines()))
                .isZero();
        assertThat(named(report, FindingName.DELETE_MARKER)).containsExactlyInAnyOrderElementsOf(targets);
        for (String name : targets) {
            // Overwritten without a lock and with one; what lies under it counts.
            assertThat(named(report, FindingName.LATER_VERSION).stream().filter(name::equals))
                    .as(name)
                    .hasSize(2);
        }
        assertThat(report.verdict().findings()).hasSize(3 * targets.size());
        assertThat(report.json().object("audit").object("senses").number("attempt"))
                .isEqualTo(3L * targets.size());
        for (Map.Entry<String, Bytes> each : kept.entrySet()) {
            assertThat(store.read(each.getKey(), Validity.any()).orElseThrow().content())
                    .as(each.getKey())
                    .isEqualTo(each.getValue());
        }
    }

    @Test
    void whatIsPlantedBeforeTheArchiverComesIsNamedAndDoesNotCount() throws Exception {
        long size = fixture.size();
        List<String> before = List.of(
                "log.json",
                "segments/00000000000000000060.jsonl",
                "checkpoints/" + size,
                "tile/0/000",
                "tile/entries/000",
                "heads/00000000000000000003.json",
                ATTACHMENT);
        List<String> beside = List.of(
                "segments/00000000000000000007.jsonl",
                "segments/" + String.format("%020d", size) + ".jsonl",
                "segments/99999999999999999999.jsonl",
                "segments/x",
                "checkpoints/61",
                "checkpoints/" + (size + 1000),
                "tile/0/077",
                "heads/00000000000000000001.json",
                "batches/00000000000000000001.json",
                "heads/" + String.format("%020d", size + 5) + ".json",
                "batches/" + String.format("%020d", size + 5) + ".json",
                "keys/" + "0".repeat(64) + ".pem",
                "attachments/sha256/" + "0".repeat(64),
                "docs/evil.md",
                "stranger");
        for (String name : before) {
            administrator.plant(name, GARBAGE);
        }
        for (String name : beside) {
            administrator.plant(name, GARBAGE);
        }
        List<String> locked = List.of(
                "checkpoints/" + (size + 2000),
                "docs/locked.html",
                "heads/" + String.format("%020d", size + 100_000) + ".json",
                "batches/" + String.format("%020d", size + 100_000) + ".json");
        for (String name : locked) {
            administrator.plantLocked(name, GARBAGE, until());
        }
        upload();
        AuditReport report = audit();
        assertThat(report.verdict().code())
                .as(String.join("\n", report.lines()))
                .isZero();
        List<String> all = new ArrayList<>(before);
        all.addAll(beside);
        all.addAll(locked);
        assertThat(named(report, FindingName.LEFT_OVER)).containsExactlyInAnyOrderElementsOf(all);
        assertThat(report.verdict().facts().size()).isEqualTo(size);
    }

    @Test
    void whatNewerEntriesNeedIsLockedAsLongAsThey() throws Exception {
        Instant sooner = Instant.now()
                .plus(fixture.log().retention().minus(1, ChronoUnit.DAYS))
                .plusSeconds(600);
        upload(sooner);
        assertNothingIsWrong(audit());

        Instant tooSoon = Instant.now().plus(30, ChronoUnit.DAYS);
        Bytes content = Bytes.utf8("another raw log");
        String name = "attachments/sha256/" + Digest.of(content).hex();
        store.keep(name, content, tooSoon, Validity.any());
        String unlocked =
                "attachments/sha256/" + Digest.of(Bytes.utf8("a third")).hex();
        administrator.plant(unlocked, Bytes.utf8("a third"));

        AuditReport found = audit(true);
        assertThat(found.verdict().code()).isEqualTo(4);
        assertThat(named(found, FindingName.RETENTION_SHORT)).containsExactly(name);
        assertThat(named(found, FindingName.NOT_LOCKED)).containsExactly(unlocked);
        assertThat(found.extended()).isEqualTo(2);
        assertThat(found.json().object("audit").object("senses").number("unprotected"))
                .isEqualTo(2);
        assertNothingIsWrong(audit());
    }

    @Test
    void anAuditThatWasInterruptedGoesOn() throws Exception {
        upload();
        Path work = directory.resolveSibling(directory.getFileName() + "-work");
        CountingStore counting = new CountingStore(store, kept.size() / 2);
        try (WorkDirectory first = WorkDirectory.in(work, "s3://t")) {
            assertThatThrownBy(() -> new Audit(question(), CHECKER, AuditProgress.SILENT)
                            .ofStore(counting, "s3://t", first, false))
                    .isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> WorkDirectory.in(work, "s3://other"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("s3://t");
        int before = counting.contents();
        assertThat(before).isPositive();
        counting.goOn();
        try (WorkDirectory second = WorkDirectory.in(work, "s3://t")) {
            assertThat(second.isResumed()).isTrue();
            assertNothingIsWrong(
                    new Audit(question(), CHECKER, AuditProgress.SILENT).ofStore(counting, "s3://t", second, false));
            second.finished();
        }
        // Each object was read once, in whichever of the two, but those on their way when the store went.
        int objects = FixtureBundle.files(directory).size();
        assertThat(counting.contents()).isBetween(objects, objects + Parallel.THREADS);
        try (WorkDirectory third = WorkDirectory.in(work, "s3://other")) {
            assertThat(third.isResumed()).isFalse();
        }
    }
}
