package dev.terraseal.sequencer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.embedded.BrokerProcess;
import dev.terraseal.kafka.FatalError;
import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.kafka.Topics;
import dev.terraseal.kafka.UnsafeTopicsException;
import dev.terraseal.schemas.EventRecord;
import dev.terraseal.schemas.OutcomeRecord;
import dev.terraseal.schemas.RejectedRecord;
import dev.terraseal.schemas.json.EventEncoder;
import dev.terraseal.schemas.sample.SampleEvents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real engines: exactly once, restarts, kills, and what was lost or moved meanwhile. */
@SuppressWarnings("try") // a running service is used by being there
class SequencerBrokerTest {
    private static final Duration READY = Duration.ofSeconds(180);
    private static final TopicPartition EVENTS = new TopicPartition(Topics.EVENTS, 0);

    @TempDir
    Path directory;

    private final LogFixture log = new LogFixture();
    private final SampleEvents sample = new SampleEvents(new Random(4711), 16);

    private List<EventRecord> send(BrokerFixture at, int count) {
        List<EventRecord> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            EventRecord event = sample.next();
            sent.add(event);
            at.send(0, event);
        }
        at.flush();
        return sent;
    }

    private SequencerService running(BrokerFixture at, Path state) throws InterruptedException {
        SequencerService service = at.service(state);
        service.start();
        assertThat(service.awaitReady(READY)).as("ready; fatal: %s", at.fatal).isTrue();
        return service;
    }

    private static String stopped(BrokerFixture at, Path state) throws InterruptedException {
        try (SequencerService service = at.service(state)) {
            service.start();
            FatalError fatal = at.fatal.poll(180, TimeUnit.SECONDS);
            assertThat(fatal).isNotNull();
            return fatal.message();
        }
    }

    @Test
    void everyDistinctEventIsInTheLogOnceThroughAnOrderlyStopAndAKill() throws Exception {
        Path logFile = Files.write(
                directory.resolve("log.json"), log.declaration.bytes().toByteArray());
        Path state = directory.resolve("state");
        try (BrokerFixture at = new BrokerFixture(log.declaration)) {
            List<EventRecord> first = send(at, 500);
            try (SequencerService service = running(at, state)) {
                first.subList(0, 100).forEach(event -> at.send(0, event));
                at.flush();
                at.checkedLog(0, 500);
                assertThat(at.await(Topics.OUTCOMES, 0, 100))
                        .hasSize(100)
                        .allSatisfy(record -> assertThat(
                                        OutcomeRecord.decode(record.value()).outcome())
                                .isEqualTo(OutcomeRecord.Kind.DUPLICATE));
                assertThat(service.progress().ids()).isPositive();
            }
            restart("orderly stop", at, state, 500);

            Process process = SequencerProcess.start(at.kafka.bootstrap(), state, logFile);
            send(at, 3_000);
            at.await(Topics.SEQUENCED, 0, 1_000);
            process.destroyForcibly().waitFor();
            restart("kill -9", at, state, 3_501);
            assertThat(at.fatal).isEmpty();
        }
    }

    @Test
    void aBrokerThatStandsStillLongerThanATransactionMayLastEndsNothing() throws Exception {
        Process broker = BrokerProcess.start(directory.resolve("broker"), ProcessBuilder.Redirect.DISCARD);
        String bootstrap = BrokerProcess.awaitBootstrap(broker);
        try (BrokerFixture at = new BrokerFixture(bootstrap, broker::destroyForcibly, log.declaration);
                SequencerService service = running(at, directory.resolve("state"))) {
            send(at, 200);
            at.checkedLog(0, 200);
            send(at, 5_000);
            signal("-STOP", broker);
            // Past delivery.timeout.ms (9 s) and transaction.timeout.ms (10 s).
            TimeUnit.SECONDS.sleep(13);
            signal("-CONT", broker);
            at.checkedLog(0, 5_200);
            assertThat(at.fatal).isEmpty();
            send(at, 100);
            at.checkedLog(0, 5_300);
            assertThat(service.isReady()).isTrue();
        }
    }

    private static void signal(String which, Process process) throws Exception {
        assertThat(new ProcessBuilder("kill", which, Long.toString(process.pid()))
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void aStartEndsTheTransactionItsFormerLifeLeftOpenBeforeItAsksForAnything() throws Exception {
        Path state = directory.resolve("state");
        try (BrokerFixture at = new BrokerFixture(log.declaration);
                Admin admin = at.kafka.admin("test")) {
            FormerLife life = new FormerLife(at.config(state));
            assertThat(life.transactionalIds()).as("of a first life").isEmpty();
            send(at, 20);
            try (SequencerService service = running(at, state)) {
                at.checkedLog(0, 20);
            }
            assertThat(life.transactionalIds())
                    .as("are those that Streams gives its threads")
                    .isEqualTo(admin.listTransactions().all().get().stream()
                            .map(TransactionListing::transactionalId)
                            .toList());
            try (Producer<byte[], byte[]> killed =
                    at.kafka.transactionalProducer(life.transactionalIds().get(0))) {
                killed.initTransactions();
                killed.beginTransaction();
                killed.send(new ProducerRecord<>(Topics.SEQUENCED, 0, new byte[0], new byte[] {1}));
                killed.flush();
                life.fence();
                assertThat(admin.listTransactions().all().get())
                        .extracting(TransactionListing::state)
                        .as("decided when fence returns")
                        .doesNotContain(
                                TransactionState.ONGOING,
                                TransactionState.PREPARE_ABORT,
                                TransactionState.PREPARE_EPOCH_FENCE);
                assertThatThrownBy(killed::commitTransaction).isInstanceOf(KafkaException.class);
            }
            send(at, 20);
            try (SequencerService service = running(at, state)) {
                at.checkedLog(0, 40);
            }
            assertThat(at.fatal).isEmpty();
        }
    }

    /** Prints how long it takes from the start to the next entry; that is measured elsewhere, not asserted here. */
    private void restart(String after, BrokerFixture at, Path state, int size) throws InterruptedException {
        Instant begin = Instant.now();
        send(at, 1);
        try (SequencerService service = running(at, state)) {
            at.checkedLog(0, size + 1);
            System.out.println("restart after " + after + ": next entries after "
                    + Duration.between(begin, Instant.now()).toMillis() + " ms, "
                    + service.progress().accepted()
                    + " accepted");
        }
    }

    @Test
    void aLostStateDirectoryAndALostChangelogAreRebuiltFromTheLog() throws Exception {
        try (BrokerFixture at = new BrokerFixture(log.declaration)) {
            List<EventRecord> sent = send(at, 700);
            try (SequencerService service = running(at, directory.resolve("one"))) {
                at.checkedLog(0, 700);
            }
            send(at, 10);
            try (SequencerService service = running(at, directory.resolve("two"))) {
                at.checkedLog(0, 710);
            }
            for (String kept : List.of("two", "three")) {
                loseChangelog(at);
                runAfterLoss(at, sent, directory.resolve(kept), kept.equals("two") ? 720 : 730);
            }
            assertThat(at.fatal).isEmpty();
        }
    }

    private static void loseChangelog(BrokerFixture at) throws Exception {
        try (Admin admin = at.kafka.admin("test")) {
            String changelog = SequencerConfig.APPLICATION + "-chunks-changelog";
            assertThat(admin.listTopics().names().get()).contains(changelog);
            admin.deleteTopics(List.of(changelog)).all().get();
            while (admin.listTopics().names().get().contains(changelog)) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private void runAfterLoss(BrokerFixture at, List<EventRecord> sent, Path state, int size)
            throws InterruptedException {
        send(at, 10);
        sent.subList(0, 5).forEach(event -> at.send(0, event));
        at.flush();
        try (SequencerService service = running(at, state)) {
            at.checkedLog(0, size);
            at.await(Topics.OUTCOMES, 0, size == 720 ? 5 : 10);
        }
    }

    @Test
    void aLostOrMovedOffsetIsTakenFromTheLog() throws Exception {
        Path state = directory.resolve("state");
        try (BrokerFixture at = new BrokerFixture(log.declaration)) {
            send(at, 50);
            at.send(0, "x", new byte[] {1, 2, 3});
            runUntil(50, at, state);
            try (Admin admin = at.kafka.admin("test")) {
                removeMembers(admin);
                admin.deleteConsumerGroupOffsets(SequencerConfig.APPLICATION, Set.of(EVENTS))
                        .all()
                        .get();
                send(at, 5);
                runUntil(55, at, state);

                send(at, 5);
                removeMembers(admin);
                admin.alterConsumerGroupOffsets(SequencerConfig.APPLICATION, Map.of(EVENTS, new OffsetAndMetadata(59)))
                        .all()
                        .get();
                runUntil(60, at, state);
            }
            assertThat(at.fatal).isEmpty();
        }
    }

    private void runUntil(int size, BrokerFixture at, Path state) throws InterruptedException {
        try (SequencerService service = running(at, state)) {
            at.checkedLog(0, size);
            at.await(Topics.REJECTED, 0, 1);
        }
    }

    private static void removeMembers(Admin admin) throws Exception {
        admin.removeMembersFromConsumerGroup(
                        SequencerConfig.APPLICATION,
                        new org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions())
                .all()
                .get();
    }

    @Test
    void aLogTopicThatWasMadeAnewStopsTheSequencer() throws Exception {
        Path state = directory.resolve("state");
        try (BrokerFixture at = new BrokerFixture(log.declaration)) {
            send(at, 200);
            try (SequencerService service = running(at, state)) {
                at.checkedLog(0, 200);
            }
            try (Admin admin = at.kafka.admin("test")) {
                admin.deleteTopics(List.of(Topics.SEQUENCED)).all().get();
                recreate(admin);
            }
            assertThat(stopped(at, state)).contains("deleted and created again").contains("terraseal log resume");
        }
    }

    private static void recreate(Admin admin) throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            try {
                if (new TopicAdmin(admin).create(Topics.embedded(1).specs()).contains(Topics.SEQUENCED)) {
                    return;
                }
            } catch (dev.terraseal.kafka.KafkaUnavailableException stillBeingDeleted) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    @Test
    void poisonOfEverySizeIsRejectedAndTheLogGoesOn() throws Exception {
        try (BrokerFixture at = new BrokerFixture(log.declaration)) {
            try (SequencerService service = running(at, directory.resolve("state"))) {
                send(at, 3);
                byte[] large = new byte[1_000_000];
                new Random(1).nextBytes(large);
                for (int i = 0; i < 5; i++) {
                    at.send(0, "k", large);
                    at.send(0, "k", new byte[] {0, 0, 0, 0, 99, 1});
                }
                at.send(0, "_log", EventEncoder.headsTick(new Timestamp(0)).encode(SequencerDriver.EVENT_SCHEMA));
                send(at, 3);
                at.checkedLog(0, 7);
                assertThat(at.await(Topics.REJECTED, 0, 10))
                        .hasSize(10)
                        .allSatisfy(record -> assertThat(
                                        RejectedRecord.decode(record.value()).reason())
                                .isIn("malformed-record", "unknown-schema"));
                assertThat(service.isReady()).isTrue();
            }
            assertThat(at.fatal).isEmpty();
        }
    }

    @Test
    void twoLogsNeverMixAndAPartitionAddedByMistakeStops() throws Exception {
        LogFixture second = new LogFixture("terraseal.local/second");
        Path state = directory.resolve("state");
        try (BrokerFixture at = new BrokerFixture(log.declaration, second.declaration)) {
            try (SequencerService service = running(at, state)) {
                for (int i = 0; i < 400; i++) {
                    at.send(i % 2, sample.next());
                }
                at.flush();
                at.checkedLog(0, 200);
                at.checkedLog(1, 200);
            }
            try (Admin admin = at.kafka.admin("test")) {
                admin.createPartitions(Map.of(Topics.EVENTS, NewPartitions.increaseTo(3)))
                        .all()
                        .get();
            }
            try (SequencerService service = at.service(state)) {
                assertThatThrownBy(service::start)
                        .isInstanceOf(UnsafeTopicsException.class)
                        .hasMessageContaining(Topics.EVENTS);
            }
        }
    }
}
