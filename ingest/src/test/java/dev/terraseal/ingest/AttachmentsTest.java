package dev.terraseal.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.Validity;
import dev.terraseal.store.s3.S3Location;
import dev.terraseal.store.s3.S3Store;
import dev.terraseal.testkit.s3.S3StandIn;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** How long evidence beside the log is kept, over a store that locks. */
class AttachmentsTest {
    private static final Duration RETENTION = Duration.ofDays(400);
    private static final String PREFIX = "logs/prod/";
    private static final String BUCKET = "evidence";

    private final Bytes content = Bytes.utf8("many resources");
    private final Digest sha256 = Digest.of(content);
    private final String name = ArchiveNames.attachment(sha256);
    private Instant now = Instant.parse("2026-11-22T01:00:00Z");
    private S3StandIn service;
    private S3Store archive;
    private Attachments attachments;

    @BeforeEach
    void open() throws Exception {
        service = S3StandIn.start(() -> now);
        service.createBucket(BUCKET, true);
        archive = S3Store.open(
                new S3Location(BUCKET, PREFIX, service.endpoint(), null, true),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("TESTKEY", "TESTSECRET")));
        attachments = new Attachments(archive, RETENTION, () -> now);
    }

    @AfterEach
    void close() {
        archive.close();
        service.close();
    }

    private void isLockedAsLongAsAnEntryOfNow() throws Exception {
        String version =
                archive.read(name, Validity.sha256(sha256)).orElseThrow().version();
        assertThat(archive.lock(name, version).orElseThrow().holdsUntil(now.plus(RETENTION)))
                .isTrue();
    }

    @Test
    void evidenceSomebodyPutThereWithoutALockIsLockedBeforeItCountsAsKept() throws Exception {
        service.plant(BUCKET, PREFIX + name, content);
        assertThat(attachments.inTurn(() -> attachments.keep(sha256, content))).isFalse();
        isLockedAsLongAsAnEntryOfNow();
    }

    @Test
    void anEventThatNamesUnlockedEvidenceLocksIt() throws Exception {
        service.plant(BUCKET, PREFIX + name, content);
        assertThat(attachments.has(sha256)).isTrue();
        isLockedAsLongAsAnEntryOfNow();
    }

    @Test
    void evidenceThatIsNamedLaterIsKeptAsLongAsTheLaterEntry() throws Exception {
        assertThat(attachments.inTurn(() -> attachments.keep(sha256, content))).isTrue();
        isLockedAsLongAsAnEntryOfNow();
        long after = service.requests();
        assertThat(attachments.has(sha256)).isTrue();
        assertThat(service.requests()).as("the lock is known").isEqualTo(after);
        now = now.plus(Duration.ofDays(399));
        assertThat(attachments.has(sha256)).isTrue();
        isLockedAsLongAsAnEntryOfNow();
        now = now.plus(Duration.ofDays(399));
        assertThat(new Attachments(archive, RETENTION, () -> now).has(sha256))
                .as("after a restart")
                .isTrue();
        isLockedAsLongAsAnEntryOfNow();
    }
}
