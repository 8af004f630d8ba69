package dev.terraseal.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.ArchiveStoreContract;
import dev.terraseal.store.ObjectHistory;
import dev.terraseal.store.ObjectLock;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import dev.terraseal.store.Version;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;

/** The contract on any service that speaks S3 with Object Lock, and what the lock must refuse there. */
abstract class S3Contract extends ArchiveStoreContract {
    private final List<AutoCloseable> open = new ArrayList<>();

    abstract URI endpoint();

    AwsCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create("TESTKEY", "TESTSECRET"));
    }

    /** A bucket with Object Lock and the archive in it, below a prefix that only looks like others. */
    S3Location bucket(boolean objectLock) {
        S3Location location = new S3Location("t-" + UUID.randomUUID(), "logs/prod/", endpoint(), null, true);
        client(location)
                .createBucket(request -> request.bucket(location.bucket()).objectLockEnabledForBucket(objectLock));
        return location;
    }

    S3Client client(S3Location location) {
        try {
            S3Client client = S3Clients.open(location, credentials());
            open.add(client);
            return client;
        } catch (StoreException noRegion) {
            throw new UncheckedIOException(noRegion);
        }
    }

    S3Store open(S3Location location) throws StoreException {
        S3Store store = S3Store.open(location, credentials());
        open.add(store);
        return store;
    }

    @Override
    protected ArchiveStore store() throws StoreException {
        return open(bucket(true));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void anAdministratorWithEveryRightChangesNothingThatIsKept() throws Exception {
        S3Location location = bucket(true);
        Stored kept = open(location).keep("segments/a", bytes("one"), UNTIL, Validity.any());
        assertEveryAttemptIsRefused(location, kept);
    }

    void assertEveryAttemptIsRefused(S3Location location, Stored kept) throws Exception {
        HeadObjectResponse before = head(location, kept);
        try (Administrator administrator = new Administrator(location, credentials())) {
            for (Administrator.Attempt attempt : Administrator.Attempt.values()) {
                boolean applied = administrator.attempt(attempt, kept.name(), kept.version());
                assertThat(applied).as(attempt.name()).isEqualTo(attempt.isLeft());
                assertThat(open(location).read(kept.name(), Validity.any()))
                        .as(attempt.name())
                        .contains(kept);
                HeadObjectResponse after = head(location, kept);
                assertThat(after.objectLockMode()).as(attempt.name()).isEqualTo(before.objectLockMode());
                assertThat(after.objectLockRetainUntilDate())
                        .as(attempt.name())
                        .isEqualTo(before.objectLockRetainUntilDate());
            }
        }
    }

    @Test
    void aRetentionIsExtended() throws Exception {
        S3Location location = bucket(true);
        Stored kept = open(location).keep("segments/a", bytes("one"), UNTIL, Validity.any());
        Instant longer = UNTIL.plusSeconds(3600);
        open(location).extend(kept.name(), kept.version(), longer);
        assertThat(open(location)
                        .lock(kept.name(), kept.version())
                        .orElseThrow()
                        .retainUntil())
                .isCloseTo(longer, org.assertj.core.api.Assertions.within(1, ChronoUnit.SECONDS));
        assertEveryAttemptIsRefused(location, kept);
    }

    @Test
    void whatSomebodyElsePutThereIsHeldAndALongerLockIsLeft() throws Exception {
        S3Location location = bucket(true);
        S3Store store = open(location);
        plant(location, "attachments/a", bytes("one"));
        Stored planted = store.read("attachments/a", Validity.any()).orElseThrow();
        store.hold(planted.name(), planted.version(), UNTIL);
        store.hold(planted.name(), planted.version(), UNTIL.minusSeconds(600));
        assertThat(store.lock(planted.name(), planted.version()).orElseThrow().holdsUntil(UNTIL.minusSeconds(1)))
                .isTrue();
        assertThatThrownBy(() -> store.hold("attachments/b", planted.version(), UNTIL))
                .isInstanceOf(StoreException.class);
    }

    @Test
    void everythingUnderAPrefixIsShownWithItsHistory() throws Exception {
        S3Location location = bucket(true);
        S3Store store = open(location);
        for (int i = 0; i < 12; i++) {
            store.keep("checkpoints/" + i, bytes("note " + i), UNTIL, Validity.any());
        }
        plant(location, "checkpoints/3", bytes("later"));
        delete(location, "checkpoints/3");
        store.replace("checkpoint", bytes("old"));
        store.discard("checkpoint");
        store.replace("checkpoint", bytes("new"));
        List<ObjectHistory> seen = new ArrayList<>();
        store.histories("", seen::add);
        assertThat(seen).hasSize(13);
        assertThat(seen.get(0).name()).isEqualTo("checkpoint");
        assertThat(seen.get(0).newest().deleteMarker()).isFalse();
        ObjectHistory three = seen.stream()
                .filter(each -> each.name().equals("checkpoints/3"))
                .findFirst()
                .orElseThrow();
        assertThat(three.versions()).hasSize(3);
        assertThat(three.newest().deleteMarker()).isTrue();
        assertThat(store.content("checkpoints/3", three.versions().get(0).id())).contains(bytes("note 3"));
        assertThat(store.lock("checkpoints/3", three.versions().get(1).id())).contains(ObjectLock.NONE);
        assertThat(store.content("checkpoints/3", "nosuchversion0000000000000000000"))
                .isEmpty();
    }

    @Test
    void eachKeptObjectCarriesItsOwnLock() throws Exception {
        S3Location location = bucket(true);
        Stored kept = open(location).keep("segments/a", bytes("one"), UNTIL, Validity.any());
        HeadObjectResponse head = head(location, kept);
        assertThat(head.objectLockMode()).isEqualTo(ObjectLockMode.COMPLIANCE);
        assertThat(head.objectLockRetainUntilDate())
                .isCloseTo(UNTIL, org.assertj.core.api.Assertions.within(1, ChronoUnit.SECONDS));
    }

    private HeadObjectResponse head(S3Location location, Stored kept) {
        return client(location)
                .headObject(request -> request.bucket(location.bucket())
                        .key(location.key(kept.name()))
                        .versionId(kept.version()));
    }

    @Test
    void aDeleteMarkerOnTopHidesNothing() throws Exception {
        S3Location location = bucket(true);
        S3Store store = open(location);
        Stored kept = store.keep("segments/00000000000000000005.jsonl", bytes("one"), UNTIL, Validity.any());
        delete(location, kept.name());

        assertThat(store.read(kept.name(), Validity.any())).contains(kept);
        assertThat(store.names("segments/", "", 10)).containsExactly(kept.name());
        assertThat(store.newestNumbered("segments/", ".jsonl", new dev.terraseal.core.bytes.SequenceNumber(9)))
                .contains(kept.name());
        assertThat(store.keep(kept.name(), bytes("two"), UNTIL, Validity.any()).content())
                .isEqualTo(bytes("one"));
        assertThat(store.versions(kept.name()))
                .anyMatch(Version::deleteMarker)
                .first()
                .matches(v -> !v.deleteMarker());
    }

    @Test
    void aVersionOnTopIsAFindingAndNotTheObject() throws Exception {
        S3Location location = bucket(true);
        S3Store store = open(location);
        Stored kept = store.keep("segments/a", bytes("one"), UNTIL, Validity.any());
        plant(location, "segments/a", bytes("later"));
        assertThat(store.read("segments/a", Validity.any())).contains(kept);
        assertThat(store.versions("segments/a")).hasSize(2);
        assertThat(store.versions("segments/a").get(0).id()).isEqualTo(kept.version());
    }

    @Test
    void anInvalidVersionPlantedFirstDoesNotBlockTheName() throws Exception {
        S3Location location = bucket(true);
        S3Store store = open(location);
        plant(location, "segments/a", bytes("garbage"));
        Stored kept = store.keep("segments/a", bytes("one"), UNTIL, Validity.equalTo(bytes("one")));
        assertThat(kept.content()).isEqualTo(bytes("one"));
        assertThat(store.read("segments/a", Validity.equalTo(bytes("one")))).contains(kept);
        assertThat(head(location, kept).objectLockMode()).isEqualTo(ObjectLockMode.COMPLIANCE);
    }

    @Test
    void aValidCopyPlantedFirstWithoutALockIsLockedBeforeItIsAdopted() throws Exception {
        S3Location location = bucket(true);
        plant(location, "segments/a", bytes("one"));
        Stored kept = open(location).keep("segments/a", bytes("one"), UNTIL, Validity.any());
        assertThat(head(location, kept).objectLockMode()).isEqualTo(ObjectLockMode.COMPLIANCE);
    }

    /** No lock can be made shorter, and asking for that is refused for good. */
    @Test
    void aCopyThatSomebodyLockedForLongerStopsNoWriter() throws Exception {
        S3Location location = bucket(true);
        S3Store store = open(location);
        Instant longer = UNTIL.plus(3650, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
        for (String name : List.of("segments/a", "attachments/a", "keys/a")) {
            client(location)
                    .putObject(
                            request -> request.bucket(location.bucket())
                                    .key(location.key(name))
                                    .objectLockMode(ObjectLockMode.GOVERNANCE)
                                    .objectLockRetainUntilDate(longer)
                                    .checksumSHA256(Digest.of(bytes("one")).base64()),
                            RequestBody.fromBytes(bytes("one").toByteArray()));
        }
        for (int times = 0; times < 3; times++) {
            Instant until = UNTIL.plusSeconds(times);
            store.keep("segments/a", bytes("one"), until, Validity.equalTo(bytes("one")));
            store.hold("attachments/a", store.versions("attachments/a").get(0).id(), until);
            store.extend("keys/a", store.versions("keys/a").get(0).id(), until);
        }
        for (String name : List.of("segments/a", "attachments/a", "keys/a")) {
            List<Version> history = store.versions(name);
            assertThat(history)
                    .as("itself or one copy (and what keep puts on Ceph each time): " + name)
                    .hasSizeLessThan(name.equals("segments/a") ? 5 : 3);
            assertThat(isHeld(store, name, history)).as(name).isTrue();
            assertThat(store.read(name, Validity.any()).orElseThrow().content()).isEqualTo(bytes("one"));
        }
    }

    private static boolean isHeld(S3Store store, String name, List<Version> history) throws StoreException {
        for (Version each : history) {
            if (store.content(name, each.id()).equals(Optional.of(bytes("one")))
                    && store.lock(name, each.id()).orElseThrow().holdsUntil(UNTIL)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void namesThatNoArchiveObjectCanHaveAreNotListed() throws Exception {
        S3Location location = bucket(true);
        S3Store store = open(location);
        for (String name : List.of("docs/a b", "docs/b~c", "docs/" + "x".repeat(900), "docs/b//c")) {
            plant(location, name, bytes("x"));
        }
        for (String name : List.of("docs/a", "docs/b", "docs/c")) {
            store.keep(name, bytes(name), UNTIL, Validity.any());
        }
        assertThat(store.names("docs/", "", 2)).containsExactly("docs/a", "docs/b");
        assertThat(store.names("docs/", "docs/b", 2)).containsExactly("docs/c");
    }

    /** XML has no way to write such a key, and it lies where every reader of log.json looks. */
    @Test
    void keysThatNoTextOfXmlCanHoldStopNoReader() throws Exception {
        S3Location location = bucket(true);
        S3Store store = open(location);
        Stored kept = store.keep("log.json", bytes("one"), UNTIL, Validity.any());
        for (String planted : List.of("log.json\u0001", "log.json a+b%41&<", "log.json\u00e9")) {
            plant(location, planted, bytes("x"));
        }
        delete(location, "log.json\u0001");
        assertThat(store.read("log.json", Validity.any())).contains(kept);
        assertThat(store.names("", "", 10)).containsExactly("log.json");
        List<String> seen = new ArrayList<>();
        store.histories("", each -> seen.add(each.name() + " " + each.versions().size()));
        assertThat(seen).containsExactly("log.json 1", "log.json\u0001 2", "log.json a+b%41&< 1", "log.json\u00e9 1");
    }

    @Test
    void whatIsLongerThanItsNameAllowsIsPassedOver() throws Exception {
        S3Location location = bucket(true);
        S3Store store = open(location);
        String name = "checkpoints/7";
        plant(location, name, Bytes.wrap(new byte[Math.toIntExact(ArchiveNames.most(name)) + 10]));
        Stored kept = store.keep(name, bytes("one"), UNTIL, Validity.any());
        assertThat(store.read(name, Validity.any())).contains(kept);
        assertThat(store.content(name, store.versions(name).get(0).id()))
                .hasValueSatisfying(
                        beginning -> assertThat(beginning.length()).isEqualTo((int) ArchiveNames.most(name) + 1));
        Bytes tooLong = Bytes.wrap(new byte[Math.toIntExact(ArchiveNames.most(name)) + 1]);
        assertThatThrownBy(() -> store.keep("checkpoints/8", tooLong, UNTIL, Validity.any()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("checkpoints/8");
    }

    @Test
    void aLongHistoryIsReadInPagesOfAThousand() throws Exception {
        S3Location location = bucket(true);
        for (int i = 0; i < 25; i++) {
            plant(location, "segments/a", bytes("garbage " + i));
        }
        S3Store store = open(location);
        Stored kept = store.keep("segments/a", bytes("one"), UNTIL, Validity.equalTo(bytes("one")));
        assertThat(store.versions("segments/a"))
                .hasSize(26)
                .last()
                .extracting(Version::id)
                .isEqualTo(kept.version());
    }

    @Test
    void mutableObjectsAreNotLocked() throws Exception {
        S3Location location = bucket(true);
        S3Store store = open(location);
        store.replace("checkpoint", bytes("one"));
        Version version = store.versions("checkpoint").get(0);
        client(location)
                .deleteObject(request -> request.bucket(location.bucket())
                        .key(location.key("checkpoint"))
                        .versionId(version.id()));
        assertThat(store.readNewest("checkpoint")).isEmpty();
    }

    @Test
    void aBucketWithoutObjectLockIsRefusedWithWhatToDo() {
        S3Location location = bucket(false);
        assertThatThrownBy(() -> open(location))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.retryable()).isFalse())
                .hasMessageContaining("has no Object Lock")
                .hasMessageContaining("--object-lock-enabled-for-bucket");
    }

    @Test
    void aBucketWithDefaultRetentionIsRefusedWithWhatToDo() {
        S3Location location = bucket(true);
        client(location)
                .putObjectLockConfiguration(request -> request.bucket(location.bucket())
                        .objectLockConfiguration(config -> config.objectLockEnabled("Enabled")
                                .rule(rule -> rule.defaultRetention(retention -> retention
                                        .mode(ObjectLockRetentionMode.GOVERNANCE)
                                        .days(1)))));
        assertThatThrownBy(() -> open(location))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("default retention")
                .hasMessageContaining("put-object-lock-configuration");
    }

    @Test
    void aBucketThatIsNotThereIsRefusedWithItsName() {
        S3Location location = new S3Location("t-" + UUID.randomUUID(), "", endpoint(), null, true);
        assertThatThrownBy(() -> open(location))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(location.bucket());
    }

    @Test
    void retentionThatHasPassedAlreadyIsRefusedByTheService() throws Exception {
        S3Store store = open(bucket(true));
        Instant past = Instant.now().minusSeconds(60);
        assertThatThrownBy(() -> store.keep("segments/a", bytes("x"), past, Validity.any()))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.retryable()).isFalse());
    }

    void plant(S3Location location, String name, Bytes content) {
        client(location)
                .putObject(
                        request -> request.bucket(location.bucket())
                                .key(location.key(name))
                                .checksumSHA256(Digest.of(content).base64()),
                        RequestBody.fromBytes(content.toByteArray()));
    }

    void delete(S3Location location, String name) {
        client(location)
                .deleteObject(request -> request.bucket(location.bucket()).key(location.key(name)));
    }
}
