package dev.terraseal.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.store.s3.S3Location;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.s3.S3StandIn;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

class StoreCheckTest {
    private static final StaticCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("TESTKEY", "TESTSECRET"));

    private S3StandIn service;

    @BeforeEach
    void start() throws IOException {
        service = S3StandIn.start(Clock.systemUTC());
        service.createBucket("evidence", true);
        service.plant("evidence", "prod/log.json", LogFixture.small().log().bytes());
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private Report rights(String bucket, Clock clock) {
        Report report = new Report();
        new StoreCheck(report, clock)
                .lookAtRights(new S3Location(bucket, "prod/", service.endpoint(), null, true), CREDENTIALS);
        return report;
    }

    @Test
    void whatMayBeReadIsTriedAndWhatWouldWriteIsNot() {
        long before = service.requests();
        Report report = rights("evidence", Clock.systemUTC());
        assertThat(report.lines())
                .anyMatch(line -> line.startsWith("ok     rights: s3:ListBucket: HeadBucket was answered"))
                .anyMatch(line -> line.startsWith("ok     rights: s3:GetBucketObjectLockConfiguration"))
                .anyMatch(line -> line.startsWith("ok     rights: s3:ListBucketVersions"))
                .anyMatch(line -> line.startsWith("ok     rights: s3:GetObjectVersion"))
                // It was planted without one: whether there is none or it must not be seen is not known.
                .anyMatch(line -> line.startsWith(
                        "-      rights: not tried: s3:GetObjectRetention: log.json came without a lock"))
                .contains("-      rights: not tried: s3:PutObject: only a write would show it")
                .anyMatch(line -> line.startsWith("ok     clock: this machine's clock is "));
        assertThat(service.requests() - before).isEqualTo(4);
        assertThat(report.json().bytes().utf8()).contains("\"ok\":true,\"tried\":false");
    }

    @Test
    void aRightThatIsMissingIsNamed() {
        service.deny("s3:ListBucket");
        assertThat(rights("evidence", Clock.systemUTC()).lines())
                .anyMatch(line -> line.startsWith("MEND   rights: s3:ListBucket: ")
                        && line.contains("without it what is not there is refused too"));
        service.deny("s3:ListBucketVersions");
        Report report = rights("evidence", Clock.systemUTC());
        assertThat(report.lines())
                .anyMatch(line -> line.startsWith("MEND   rights: s3:ListBucketVersions: ")
                        && line.contains("allow s3:ListBucket"))
                .contains("-      rights: not tried: s3:GetObjectVersion: no log.json was listed")
                // Refusals are dated too.
                .anyMatch(line -> line.startsWith("ok     clock: "));
        assertThat(report.code()).isEqualTo(2);
        assertThat(rights("nowhere", Clock.systemUTC()).lines())
                .contains("-      rights: not tried: s3:GetBucketObjectLockConfiguration: there is no bucket nowhere");
    }

    @Test
    void aClockThatIsMinutesAwayIsToBeMended() {
        Report report = rights("evidence", Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-2)));
        assertThat(report.lines())
                .anyMatch(line -> line.startsWith("MEND   clock: this machine's clock is 1")
                        && line.contains(" ms behind the archive's service"));
    }

    @Test
    void whatDoesNotAnswerIsNoRefusal() {
        service.close();
        Report report = rights("evidence", Clock.systemUTC());
        assertThat(report.code()).isEqualTo(3);
        assertThat(report.lines()).contains("-      clock: not tried: the archive's service gave no date");
    }
}
