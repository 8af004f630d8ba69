package dev.terraseal.ingest.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.receipt.ReceiptCheck;
import dev.terraseal.core.receipt.ReceiptVerification;
import dev.terraseal.core.statement.Rejection;
import dev.terraseal.core.statement.RejectionReason;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.embedded.TestBroker;
import dev.terraseal.ingest.LogReader;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.kafka.Topics;
import dev.terraseal.schemas.OutcomeRecord;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreSettings;
import dev.terraseal.testkit.log.FixtureArchive;
import dev.terraseal.testkit.log.LogFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each test has a partition of its own, so that they share one broker. */
@Timeout(120)
class LogFollowerTest {
    private static final int LOGS = 16;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofMillis(300);
    private static final String ORIGIN = "test/followed";
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static TestBroker broker;

    private final int partition = NEXT.getAndIncrement();
    private final LogFixture log = new LogFixture(ORIGIN);
    private final DisturbedClients clients = new DisturbedClients();
    private final KafkaConnection kafka = new KafkaConnection(broker.bootstrap(), Map.of(), clients);
    private final TopicsOfLog topics = new TopicsOfLog(kafka, partition, log);
    private final VersionedArchive archive = new VersionedArchive();
    private final SettledEvents settled = new SettledEvents();
    private final KnownIds ids = new KnownIds();
    private final RecentRejections rejections = new RecentRejections();
    private final BlockingQueue<Throwable> fatal = new LinkedBlockingQueue<>();
    private LogFollower follower;

    @BeforeAll
    static void begin() {
        broker = TestBroker.start();
        try (Admin admin = new KafkaConnection(broker.bootstrap(), Map.of()).admin("test")) {
            new TopicAdmin(admin).create(Topics.embedded(LOGS).specs());
        }
    }

    @AfterAll
    static void end() {
        broker.close();
    }

    @AfterEach
    void close() {
        if (follower != null) {
            follower.close();
        }
        topics.close();
    }

    private void follow(ArchiveReader reader, LogFollower.KeyEvents keyEvents) throws Exception {
        follower = LogFollower.start(
                kafka,
                partition,
                new LogFollower.Boards(settled, rejections, ids),
                new LogFollower.Archived(log.log(), new ArchivedEntries(reader), keyEvents, new SignatureChecker(null)),
                InstantSource.system(),
                fatal::add);
    }

    private void follow() throws Exception {
        follow(archive, List::of);
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it did not come to pass").isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private void applies(int count) {
        for (int i = 0; i < count; i++) {
            log.apply("a", i, i + 1);
        }
    }

    private static LogFixture forger(int count) {
        LogFixture forger = new LogFixture(ORIGIN);
        for (int i = 0; i < count; i++) {
            forger.apply("a", i, i + 1);
        }
        return forger;
    }

    private void allIdsAreKnown() {
        for (int i = 0; i < log.size(); i++) {
            Statement entry = Statement.parse(log.entries().get(i).statement());
            assertThat(ids.sequence(entry.stream(), entry.id()))
                    .as("entry " + i)
                    .contains(entry.sequence());
        }
    }

    @Test
    void whatOthersPutBehindTheTrueCheckpointNeitherHidesItNorKeepsTheServiceFromStarting() throws Exception {
        applies(6);
        topics.attest(0, 6);
        topics.checkpoint(log.checkpoint(4).bytes());
        topics.checkpoint(forger(6).checkpoint(6).bytes());
        topics.checkpoint(log.checkpoint(2).bytes());
        topics.checkpoint(Bytes.utf8("garbage"));
        follow();
        assertThat(follower.tail().checkpoint()).contains(log.checkpoint(4));
        topics.checkpoint(Bytes.utf8("garbage"));
        topics.checkpoint(forger(9).checkpoint(9).bytes());
        topics.checkpoint(log.checkpoint(3).bytes());
        topics.checkpoint(log.checkpoint(6).bytes());
        assertThat(follower.tail().awaitCheckpoint(5, LIMIT)).isTrue();
        assertThat(follower.tail().checkpoint()).contains(log.checkpoint(6));
        until(ids::isComplete);
        allIdsAreKnown();
        assertThat(fatal).isEmpty();
    }

    @Test
    void aKeyEventThatIsArchivedWhileItStartsIsInEveryReceipt(@TempDir Path directory) throws Exception {
        log.apply("a", 1, 2).apply("a", 2, 3).rotateAttestKey().apply("a", 3, 4);
        topics.attest(0, 4);
        topics.checkpoint(log.checkpoint(2).bytes());
        FixtureArchive.write(log, directory, 2);
        try (ArchiveReader store = StoreSettings.inDirectory(directory).openForReading()) {
            follow(store, () -> {
                // The archive was read to its end; now the archiver goes on.
                try {
                    topics.checkpoint(log.checkpoint(4).bytes());
                } catch (Exception failed) {
                    throw new AssertionError(failed);
                }
                return List.of();
            });
            assertThat(follower.tail().awaitCheckpoint(3, LIMIT)).isTrue();
            LogReader reader = new LogReader(log.log(), store, follower.tail(), follower.archivedKeyEvents());
            ReceiptCheck check = ReceiptVerification.check(
                    reader.receipt(new SequenceNumber(3)).orElseThrow(),
                    log.log().genesis(),
                    new SignatureChecker(null));
            assertThat(check).isInstanceOf(ReceiptCheck.Proven.class);
        }
    }

    @Test
    void whatIsTrimmedWhileIdsAreReadComesFromTheArchive() throws Exception {
        applies(12);
        topics.attest(0, 12);
        topics.checkpoint(log.checkpoint(10).bytes());
        archive.segment(0, log.entries().subList(0, 4));
        archive.segment(4, log.entries().subList(4, 10));
        topics.trim(2);
        TopicPartition attestations = new TopicPartition(Topics.ATTESTATIONS, partition);
        clients.atPoll("terraseal-ingest-ids", () -> new TimeoutException("the broker starts again"));
        clients.atPoll("terraseal-ingest-ids", () -> {
            topics.trim(7);
            return new OffsetOutOfRangeException(Map.of(attestations, 2L));
        });
        follow();
        until(ids::isComplete);
        until(() -> follower.tail().size() == 12);
        allIdsAreKnown();
        assertThat(fatal).isEmpty();
    }

    @Test
    void whereOnlyAnOldCheckpointIsLeftItFollowsFromWhereTheTopicBegins() throws Exception {
        applies(12);
        topics.attest(0, 12);
        topics.checkpoint(log.checkpoint(2).bytes());
        archive.segment(0, log.entries().subList(0, 10));
        topics.trim(5);
        follow();
        until(() -> follower.tail().size() == 12);
        until(ids::isComplete);
        allIdsAreKnown();
        topics.checkpoint(log.checkpoint(12).bytes());
        assertThat(follower.tail().awaitCheckpoint(11, LIMIT)).isTrue();
        assertThat(fatal).isEmpty();
    }

    @Test
    void idsBelowATopicThatWasEmptiedAreReadAsSoonAsAnEntryNamesThem() throws Exception {
        applies(5);
        topics.attest(0, 4);
        topics.checkpoint(log.checkpoint(4).bytes());
        archive.segment(0, log.entries().subList(0, 4));
        topics.trim(4);
        follow();
        topics.attest(4, 5);
        until(ids::isComplete);
        allIdsAreKnown();
        assertThat(fatal).isEmpty();
    }

    @Test
    void whereNothingSaysWhichEntriesAreTheLogsNoIdIsTakenAndItIsSaid() throws Exception {
        applies(4);
        archive.segment(0, log.entries().subList(0, 4));
        CountDownLatch closing = new CountDownLatch(1);
        ArchivedIds archived = new ArchivedIds(new ArchivedEntries(archive), ids, closing);
        TopicPartition empty = new TopicPartition(Topics.ATTESTATIONS, partition);
        Thread loader = new Thread(new IdLoader(kafka, empty, archived, ids, 4, 2, closing)::load);
        loader.start();
        until(() -> ids.incomplete().isPresent());
        assertThat(ids.isComplete()).isFalse();
        assertThat(ids.size()).isZero();
        closing.countDown();
        loader.join();
        assertThat(ids.isComplete()).isFalse();
    }

    @Test
    void anErrorWhileFollowingStopsTheService() throws Exception {
        clients.atPoll("terraseal-ingest-follower-" + partition, () -> new StackOverflowError("planted"));
        follow();
        assertThat(fatal.poll(LIMIT.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(StackOverflowError.class);
    }

    @Test
    void anEventIsOpenUntilItIsAnEntryOrRejectedAndControlRecordsNeedNoOutput() throws Exception {
        applies(3);
        topics.attest(0, 1);
        topics.event("a");
        follow();
        assertThat(follower.open().none(LIMIT)).isTrue();
        topics.event("a");
        topics.event("a");
        topics.event("_log");
        assertThat(follower.open().none(SOON)).isFalse();
        topics.outcome(OutcomeRecord.rejected(
                2, new StreamId("a"), new EventId("x"), new Rejection(RejectionReason.UNKNOWN_SCHEMA, "planted")));
        assertThat(follower.open().none(SOON))
                .as("event 1 waits for the signer")
                .isFalse();
        topics.attest(1, 2);
        assertThat(follower.open().none(LIMIT)).isTrue();
        assertThat(rejections.find(new StreamId("a"), new EventId("x"))).isPresent();
    }

    @Test
    void afterARestartWhatIsSettledIsKnownByTheEntryBelowTheTail() throws Exception {
        applies(2);
        topics.event("a");
        topics.event("a");
        topics.attest(0, 2);
        topics.checkpoint(log.checkpoint(2).bytes());
        archive.segment(0, log.entries().subList(0, 2));
        follow();
        assertThat(follower.open().none(LIMIT)).isTrue();
        topics.event("a");
        assertThat(follower.open().none(SOON)).isFalse();
    }
}
