package dev.terraseal.archiver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.keys.Providers;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.s3.S3Location;
import dev.terraseal.store.s3.S3Store;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.s3.Fault;
import dev.terraseal.testkit.s3.Quirk;
import dev.terraseal.testkit.s3.S3StandIn;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** The archiver on S3: what a service does to it and what others plant under its names. */
class S3ArchiveTest {
    private static final String BUCKET = "evidence";

    private static ArchiveStore open(S3StandIn service) throws Exception {
        service.createBucket(BUCKET, true);
        return S3Store.open(
                new S3Location(BUCKET, "prod/", service.endpoint(), null, true),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("TESTKEY", "TESTSECRET")));
    }

    private static LogFixture log() {
        LogFixture log = new LogFixture("terraseal.local/s3");
        log.apply("a", 1, 2).apply("b", 1, 2).heads().apply("a", 2, 3).rotateAttestKey();
        return log.apply("b", 2, 3).heads().apply("a", 3, 4);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theArchiveIsWholeWhetherConditionsAreHonouredOrNot(boolean honoured) throws Exception {
        Quirk[] quirks = honoured ? new Quirk[0] : Quirk.values();
        try (S3StandIn service = S3StandIn.start(Clock.systemUTC(), quirks);
                ArchiveStore store = open(service)) {
            ArchiverFixture fixture = new ArchiverFixture(log()).born(store);
            fixture.archive(store);
            fixture.checkComplete(store, "first");
            fixture.log.apply("c", 1, 2);
            fixture.stream.add(ListedEntries.of(fixture.log).get(8));
            fixture.archive(store);
            fixture.checkComplete(store, "restarted");
        }
    }

    @ParameterizedTest
    @EnumSource
    void faultsOfTheServiceAreWaitedOut(Fault fault) throws Exception {
        try (S3StandIn service = S3StandIn.start(Clock.systemUTC());
                ArchiveStore store = open(service)) {
            ArchiverFixture fixture = new ArchiverFixture(log()).born(store);
            fixture.beforePoll = () -> service.fault(fault, 1);
            fixture.archive(store);
            fixture.beforePoll = () -> {};
            service.forgetFaults();
            fixture.checkComplete(store, fault.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "segments/00000000000000000003.jsonl",
                "checkpoints/3",
                "heads/00000000000000000002.json",
                "tile/0/000.p/3",
                "checkpoint",
                "segments/00000000000000000900.jsonl",
                "heads/00000000000000000001.json"
            })
    void whatOthersPlantFirstOrOnTopIsNotTakenForOurs(String name) throws Exception {
        try (S3StandIn service = S3StandIn.start(Clock.systemUTC());
                ArchiveStore store = open(service)) {
            ArchiverFixture fixture = new ArchiverFixture(log()).born(store);
            service.plant(BUCKET, "prod/" + name, Bytes.utf8("planted\n"));
            fixture.archive(store);
            service.plant(BUCKET, "prod/" + name, Bytes.utf8("planted again\n"));
            fixture.log.apply("c", 1, 2);
            fixture.stream.add(ListedEntries.of(fixture.log).get(8));
            fixture.archive(store);
            assertThat(fixture.progress.checkpointSize()).isEqualTo(9);
            assertThat(ArchivedEnd.read(fixture.log.log(), store, new SignatureChecker(Providers.fast()))
                            .size())
                    .isEqualTo(9);
        }
    }

    /** Partial tiles are not locked, so anybody who may write can change those that the archiver takes up from. */
    @Test
    void partialTilesThatWereChangedAreMadeAgainFromTheSegments() throws Exception {
        try (S3StandIn service = S3StandIn.start(Clock.systemUTC());
                ArchiveStore store = open(service)) {
            LogFixture log = log();
            log.batch("many", 260);
            ArchiverFixture fixture = new ArchiverFixture(log).born(store).batchesKept(store);
            for (String full : List.of("tile/0/000", "tile/entries/000")) {
                service.plant(BUCKET, "prod/" + full, Bytes.utf8("planted first\n"));
            }
            fixture.archive(store, ArchiverFixture.limits(100));
            for (String name : store.names("tile/", "", 1000)) {
                if (name.contains(".p/")) {
                    service.plant(BUCKET, "prod/" + name, Bytes.utf8("changed\n"));
                }
            }
            fixture.log.apply("c", 1, 2);
            fixture.stream.add(ListedEntries.of(fixture.log).get(268));
            fixture.archive(store);
            assertThat(fixture.progress.checkpointSize()).isEqualTo(269);
            assertThat(store.readNewest("tile/0/001.p/13")).isPresent();
        }
    }
}
