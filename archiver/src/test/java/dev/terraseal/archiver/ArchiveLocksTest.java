package dev.terraseal.archiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.directory.DirectoryStore;
import dev.terraseal.store.s3.Administrator;
import dev.terraseal.store.s3.Administrator.Attempt;
import dev.terraseal.store.s3.S3Location;
import dev.terraseal.store.s3.S3Store;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.s3.Quirk;
import dev.terraseal.testkit.s3.S3StandIn;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** An archiver looks at how the log's first object is locked before it adds to it. */
class ArchiveLocksTest {
    private static final StaticCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("TESTKEY", "TESTSECRET"));

    private final LogFixture log = LogFixture.small();

    private static S3Location location(S3StandIn service) {
        service.createBucket("evidence", true);
        return new S3Location("evidence", "", service.endpoint(), null, true);
    }

    private ArchiveLocks locks(ArchiveStore store, Instant now) {
        return new ArchiveLocks(store, log.log(), () -> now);
    }

    @Test
    void aLogThatIsLockedAsItPromisesGoesOn(@TempDir Path directory) throws Exception {
        try (S3StandIn service = S3StandIn.start(Clock.systemUTC());
                ArchiveStore store = S3Store.open(location(service), CREDENTIALS)) {
            locks(store, Instant.now()).require();
            ArchiverFixture fixture = new ArchiverFixture(log);
            fixture.now = Instant.now();
            fixture.born(store);
            locks(store, Instant.now()).require();
            Instant afterAll = Instant.now().plus(log.log().retention()).plus(Duration.ofDays(1));
            assertThat(locks(store, afterAll).fault())
                    .isPresent()
                    .get()
                    .asString()
                    .contains("ended at");
        }
        locks(DirectoryStore.open(directory), Instant.now()).require();
    }

    @ParameterizedTest
    @CsvSource({"REMOVE_RETENTION,has no lock", "DOWNGRADE,GOVERNANCE mode", "SHORTEN,promises 3650 days"})
    void aStoreThatDoesNotKeepItsWordIsRefused(Attempt attempt, String said) throws Exception {
        try (S3StandIn service = S3StandIn.start(Clock.systemUTC(), Quirk.IGNORES_LOCK);
                ArchiveStore store = S3Store.open(location(service), CREDENTIALS);
                Administrator administrator = new Administrator(location(service), CREDENTIALS)) {
            ArchiverFixture fixture = new ArchiverFixture(log);
            fixture.now = Instant.now();
            fixture.born(store);
            String version = store.versions("log.json").get(0).id();
            assertThat(administrator.attempt(attempt, "log.json", version)).isTrue();
            assertThatThrownBy(() -> locks(store, Instant.now()).require())
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.retryable()).isFalse())
                    .hasMessageContaining(said)
                    .hasMessageContaining("audit --extend");
        }
    }
}
