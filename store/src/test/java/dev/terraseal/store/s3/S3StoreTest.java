package dev.terraseal.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import dev.terraseal.testkit.s3.Fault;
import dev.terraseal.testkit.s3.S3StandIn;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.StorageClass;

/** The contract on the strict stand-in, and what only it can be made to do. */
class S3StoreTest extends S3Contract {
    private S3StandIn service;

    @BeforeEach
    void start() throws IOException {
        service = S3StandIn.start(Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Override
    URI endpoint() {
        return service.endpoint();
    }

    @Test
    void throttlingIsWaitedOut() throws Exception {
        ArchiveStore store = store();
        service.fault(Fault.THROTTLE, 1);
        store.keep("segments/a", bytes("one"), UNTIL, Validity.any());
        service.fault(Fault.THROTTLE, 1);
        assertThat(store.read("segments/a", Validity.any())).isPresent();
    }

    /** In a storage class that has to be restored first: AWS answers 403 InvalidObjectState, and will go on doing so. */
    @Test
    void aVersionThatTheServiceDoesNotGiveIsPassedOver() throws Exception {
        S3Location location = bucket(true);
        S3Store store = open(location);
        client(location)
                .putObject(
                        request -> request.bucket(location.bucket())
                                .key(location.key("segments/a"))
                                .storageClass(StorageClass.GLACIER)
                                .checksumSHA256(Digest.of(bytes("one")).base64()),
                        RequestBody.fromBytes(bytes("one").toByteArray()));
        Stored kept = store.keep("segments/a", bytes("one"), UNTIL, Validity.any());
        assertThat(store.versions("segments/a")).hasSize(2);
        assertThat(store.read("segments/a", Validity.any())).contains(kept);
        assertThat(store.content(
                        "segments/a", store.versions("segments/a").get(0).id()))
                .contains(Bytes.EMPTY);
    }

    @Test
    void aWriteThatWasAppliedBeforeItsAnswerWasLostIsFoundAgain() throws Exception {
        ArchiveStore store = store();
        for (Fault fault : new Fault[] {Fault.FAIL_AFTER_PERSISTING, Fault.DROP_AFTER_PERSISTING}) {
            service.fault(fault, 1);
            store.keep("segments/" + fault, bytes("one"), UNTIL, Validity.equalTo(bytes("one")));
            assertThat(store.versions("segments/" + fault)).hasSize(1);
        }
    }

    /** Without the right to list AWS refuses what is not there, and nobody may take that for "nothing is there". */
    @Test
    void whoMayNotListIsToldThatThisRightIsMissing() throws Exception {
        ArchiveStore store = store();
        service.deny("s3:ListBucket");
        store.keep("segments/a", bytes("one"), UNTIL, Validity.any());
        assertThat(store.read("segments/a", Validity.any())).isPresent();
        assertThatThrownBy(() -> store.readNewest("checkpoint"))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.retryable()).isFalse())
                .hasMessageContaining("checkpoint")
                .hasMessageContaining("allow s3:ListBucket");
    }

    /** AWS answers 404 and not 412 to If-Match on a name whose newest version is a delete marker. */
    @Test
    void aMarkerThatComesBetweenReadingAndWritingStopsNoWriter() throws Exception {
        ArchiveStore store = store();
        store.replace("checkpoint", bytes("one"));
        service.fault(Fault.DELETED_JUST_BEFORE, 1);
        assertThat(store.advance("checkpoint", bytes("two"), Validity.any())).isFalse();
        assertThat(store.advance("checkpoint", bytes("two"), Validity.any())).isTrue();
        assertThat(store.readNewest("checkpoint")).contains(bytes("two"));
    }

    @Test
    void aServiceThatGoesOnFailingIsReportedAsPassing() throws Exception {
        ArchiveStore store = store();
        service.fault(Fault.FAIL, 6);
        assertThatThrownBy(() -> store.keep("segments/a", bytes("one"), UNTIL, Validity.any()))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.retryable()).isTrue())
                .hasMessageContaining("segments/a");
        store.keep("segments/a", bytes("one"), UNTIL, Validity.any());
    }

    @Test
    void anAnswerThatEndsHalfWayIsReportedAsPassing() throws Exception {
        ArchiveStore store = store();
        store.keep("segments/a", bytes("one and two"), UNTIL, Validity.any());
        for (int times : new int[] {1, 7}) {
            service.fault(Fault.HALF_AN_ANSWER, times);
            try {
                assertThat(store.read("segments/a", Validity.any())).isPresent();
            } catch (StoreException passing) {
                assertThat(passing.retryable()).isTrue();
            }
        }
        service.forgetFaults();
        assertThat(store.read("segments/a", Validity.any())).isPresent();
    }

    @Test
    void aServiceThatIsNotThereIsReportedAsPassing() throws Exception {
        ArchiveStore store = store();
        service.close();
        assertThatThrownBy(() -> store.read("segments/a", Validity.any()))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.retryable()).isTrue());
    }

    @Test
    void theStandInRefusesAWrongChecksumAndALockWithoutOne() {
        S3Location location = bucket(true);
        assertThatThrownBy(() -> client(location)
                        .putObject(
                                request -> request.bucket(location.bucket())
                                        .key("a")
                                        .checksumSHA256("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
                                RequestBody.fromString("not empty")))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("BadDigest"));
        assertThatThrownBy(() -> client(location)
                        .putObject(
                                request -> request.bucket(location.bucket())
                                        .key("a")
                                        .objectLockMode(ObjectLockMode.COMPLIANCE)
                                        .objectLockRetainUntilDate(UNTIL),
                                RequestBody.fromString("x")))
                .isInstanceOf(S3Exception.class)
                .hasMessageContaining("x-amz-checksum-");
    }

    @Test
    void theNewestOfManyThousandsIsFoundInFewCalls() throws Exception {
        long seed = 20261122;
        Random random = new Random(seed);
        S3Location location = bucket(true);
        TreeSet<Long> numbers = new TreeSet<>();
        long next = 0;
        S3Store store = open(location);
        for (int i = 0; i < 20_000; i++) {
            numbers.add(next);
            service.plant(location.bucket(), location.key(ArchiveNames.segment(new SequenceNumber(next))), bytes("x"));
            next += 1 + random.nextInt(400);
        }
        for (int i = 0; i < 50; i++) {
            long bound = (long) (random.nextDouble() * (next + 1000));
            long before = service.requests();
            String name = store.newestNumbered(
                            ArchiveNames.SEGMENTS, ArchiveNames.SEGMENT_SUFFIX, new SequenceNumber(bound))
                    .orElseThrow();
            assertThat(ArchiveNames.segmentFirst(name).orElseThrow().value())
                    .as("seed %s bound %s", seed, bound)
                    .isEqualTo(numbers.floor(bound));
            assertThat(service.requests() - before)
                    .as("seed %s bound %s", seed, bound)
                    .isLessThan(30);
        }
    }

    /** Over a slow line a large object takes longer than any other call may. */
    @Test
    void anAttemptMayTakeLongerWhereThereIsMoreToCarry() throws Exception {
        S3Location location = bucket(true);
        AttemptTime time = new AttemptTime(Duration.ofMillis(1), 1 << 15);
        assertThat(time.of(1 << 20)).isEqualTo(Duration.ofMillis(32_001));
        assertThat(AttemptTime.standard().of(ArchiveNames.most("attachments/sha256/0")))
                .isEqualTo(Duration.ofSeconds(30 + 66 * 4));
        try (S3Client impatient = S3Clients.open(location, credentials(), sent -> {}, time)) {
            S3Objects objects = new S3Objects(impatient, location, time);
            Bytes large = Bytes.wrap(new byte[4 << 20]);
            assertThat(objects.putMutable("checkpoint", large, null)).isTrue();
            assertThat(objects.current("checkpoint").orElseThrow().content()).isEqualTo(large);
        }
    }

    /** Names that are well-formed and no segment's fill the pages in which segments would be found. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000000000000000000-",
                "00000000000000000008-",
                "00000000000000000009-",
                "00000000000000000009.jsonl-",
                "0000000000000000001x-",
                "0000-",
                "00000000000000000070-",
                "00000000000000000071-",
                "1-",
                "x-"
            })
    void plantedNamesHideNoNumber(String strangers) throws Exception {
        S3Location location = bucket(true);
        S3Store store = open(location);
        for (long number : new long[] {0, 8, 70}) {
            service.plant(
                    location.bucket(), location.key(ArchiveNames.segment(new SequenceNumber(number))), bytes("x"));
        }
        for (int i = 0; i < 2 * S3Versions.PAGE; i++) {
            String name = ArchiveNames.SEGMENTS + strangers + String.format(Locale.ROOT, "%04d", i);
            service.plant(location.bucket(), location.key(name), bytes("x"));
        }
        long before = service.requests();
        assertThat(newest(store, 999)).isEqualTo(70);
        assertThat(service.requests() - before).isLessThan(12);
        assertThat(newest(store, 70)).isEqualTo(70);
        assertThat(newest(store, 69)).isEqualTo(8);
        assertThat(newest(store, 7)).isEqualTo(0);
        assertThat(newest(store, 90_000)).isEqualTo(70);
    }

    private static long newest(S3Store store, long bound) throws StoreException {
        return store.newestNumbered(ArchiveNames.SEGMENTS, ArchiveNames.SEGMENT_SUFFIX, new SequenceNumber(bound))
                .flatMap(ArchiveNames::segmentFirst)
                .map(SequenceNumber::value)
                .orElse(-1L);
    }
}
