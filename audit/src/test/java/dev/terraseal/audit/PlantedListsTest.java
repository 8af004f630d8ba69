package dev.terraseal.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.timestamp.StampName;
import dev.terraseal.core.timestamp.TimeAuthority;
import dev.terraseal.core.timestamp.TokenList;
import dev.terraseal.store.Validity;
import dev.terraseal.store.s3.Administrator;
import dev.terraseal.store.s3.S3Location;
import dev.terraseal.store.s3.S3Store;
import dev.terraseal.testkit.keys.RememberingChecker;
import dev.terraseal.testkit.log.FixtureArchive;
import dev.terraseal.testkit.log.FixtureBundle;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.s3.S3StandIn;
import dev.terraseal.testkit.tsa.TestAuthority;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.Trust;
import dev.terraseal.verifier.verdict.Finding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** A list of tokens that somebody put there first does not take from a renewal what it renews. */
class PlantedListsTest {
    private static final String MADE = "timestamps/renewed/20280101T000000Z/";
    private static final Instant RENEWED = Instant.parse("2028-01-01T00:00:00Z");
    private static final Instant STAMPED = Instant.parse("2026-11-22T02:00:00Z");

    @TempDir
    private Path directory;

    private final LogFixture log = LogFixture.small();
    private final TestAuthority authority = TestAuthority.seeded("tsa", 3);

    @Test
    void theListThatATokenIsOverCounts() throws Exception {
        FixtureArchive.write(log, directory, 2);
        TreeMap<String, Bytes> objects = new TreeMap<>();
        for (Map.Entry<String, Path> file : FixtureBundle.files(directory).entrySet()) {
            objects.put(file.getKey(), Bytes.wrap(Files.readAllBytes(file.getValue())));
        }
        String stamp = StampName.of(log.size(), "tsa", STAMPED).text();
        Bytes token = authority.stamp(log.checkpoint(log.size()).bytes(), STAMPED);
        Bytes list = TokenList.of(Map.of(stamp, Digest.of(token)));
        Bytes another = TokenList.of(Map.of(stamp, Digest.of(list)));
        objects.put(stamp, token);
        objects.put(MADE + "list", list);
        objects.put(MADE + "tsa-20280101T000000Z.tsr", authority.stamp(list, RENEWED));
        AwsCredentialsProvider credentials =
                StaticCredentialsProvider.create(AwsBasicCredentials.create("TESTKEY", "TESTSECRET"));
        try (S3StandIn service = S3StandIn.start(Clock.systemUTC())) {
            S3Location location = new S3Location("planted", "logs/", service.endpoint(), null, true);
            try (Administrator administrator = new Administrator(location, credentials)) {
                administrator.createBucket();
                Instant until = Instant.now().plus(log.log().retention());
                administrator.plantLocked(MADE + "list", another, until);
                try (S3Store store = S3Store.open(location, credentials)) {
                    for (Map.Entry<String, Bytes> each : objects.entrySet()) {
                        if (ObjectKind.of(each.getKey()) == ObjectKind.MUTABLE) {
                            store.replace(each.getKey(), each.getValue());
                        } else {
                            store.keep(each.getKey(), each.getValue(), until, Validity.equalTo(each.getValue()));
                        }
                    }
                    AuditReport report = audit(store);
                    assertThat(report.verdict().code())
                            .as(String.join("\n", report.lines()))
                            .isZero();
                    assertThat(report.verdict().findings().stream().map(Finding::file))
                            .containsExactly(MADE + "list");
                }
            }
        }
    }

    private AuditReport audit(S3Store store) throws Exception {
        Trust trust = Trust.byGenesis(log.log().genesis())
                .believing(List.of(TimeAuthority.of(authority.rootPem(), TestAuthority.POLICY)));
        try (WorkDirectory work = WorkDirectory.temporary()) {
            return new Audit(Question.under(trust), new RememberingChecker(), AuditProgress.SILENT)
                    .ofStore(store, "s3://t", work, false);
        }
    }
}
