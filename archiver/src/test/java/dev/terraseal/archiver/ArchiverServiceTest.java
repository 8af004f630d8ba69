package dev.terraseal.archiver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.archiver.time.TimeSettings;
import dev.terraseal.archiver.topic.KafkaSignedEntries;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.timestamp.TimeStampToken;
import dev.terraseal.embedded.TestBroker;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.kafka.FatalError;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.kafka.TopicEnd;
import dev.terraseal.kafka.Topics;
import dev.terraseal.keys.KeyInForce;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.store.StoreSettings;
import dev.terraseal.store.Validity;
import dev.terraseal.store.directory.DirectoryStore;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.tsa.TestAuthority;
import dev.terraseal.testkit.tsa.TsaStandIn;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The service on a real broker; log k of the test is partition k. */
@Timeout(120)
class ArchiverServiceTest {
    private static TestBroker broker;
    private static KafkaConnection kafka;

    @TempDir
    private Path directory;

    private final BlockingQueue<FatalError> fatal = new LinkedBlockingQueue<>();

    @BeforeAll
    static void start() {
        broker = TestBroker.start();
        kafka = new KafkaConnection(broker.bootstrap(), Map.of());
        try (Admin admin = kafka.admin("test")) {
            new TopicAdmin(admin).create(Topics.embedded(6).specs());
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private ArchiverService service(int partition, LogFixture log) throws Exception {
        return service(partition, log, TimeSettings.NONE);
    }

    private ArchiverService service(int partition, LogFixture log, TimeSettings time) throws Exception {
        DirectoryStore store = DirectoryStore.open(directory);
        new ArchiveBirth(store, Clock.systemUTC()).begin(log.log(), log.logKey(), Map.of());
        ArchiverService service = new ArchiverService(
                new ArchiverConfig(
                        partition,
                        6,
                        StoreSettings.inDirectory(directory),
                        ArchiverConfig.Limits.every(Duration.ofMillis(20)),
                        Optional.empty(),
                        time),
                new ArchiverService.Collaborators(
                        log.log(), kafka, store, KeyInForce.only(log.logKey()), Clock.systemUTC()),
                fatal::add);
        service.start();
        return service;
    }

    /** In transactions of {@code perTransaction}, one of three aborted and made again, as a signer does that crashes. */
    private static void produce(int partition, List<AttestationRecord> records, int perTransaction) {
        try (Producer<byte[], byte[]> producer = kafka.transactionalProducer("test-signer-" + partition)) {
            producer.initTransactions();
            for (int from = 0; from < records.size(); from += perTransaction) {
                List<AttestationRecord> some = records.subList(from, Math.min(records.size(), from + perTransaction));
                if (from / perTransaction % 3 == 1) {
                    send(producer, partition, some);
                    producer.flush();
                    producer.abortTransaction();
                }
                send(producer, partition, some);
                producer.commitTransaction();
            }
        }
    }

    private static void send(Producer<byte[], byte[]> producer, int partition, List<AttestationRecord> records) {
        producer.beginTransaction();
        for (AttestationRecord record : records) {
            ProducerRecord<byte[], byte[]> out = new ProducerRecord<>(
                    Topics.ATTESTATIONS,
                    partition,
                    Bytes.utf8(record.stream().value()).toByteArray(),
                    record.encode(7));
            new EntryHeaders(record.sequence(), record.sequence().value(), record.entryHash()).addTo(out.headers());
            var unused = producer.send(out);
        }
    }

    private void awaitCheckpoint(ArchiverService service, long size) throws InterruptedException {
        while (service.progress().checkpointSize() < size) {
            FatalError stopped = fatal.poll(10, TimeUnit.MILLISECONDS);
            assertThat(stopped).isNull();
        }
    }

    private void check(int partition, LogFixture log) throws Exception {
        DirectoryStore store = DirectoryStore.openForReading(directory);
        ArchiverFixture fixture = new ArchiverFixture(log);
        try (TopicEnd end = TopicEnd.open(
                kafka, "test-end", new TopicPartition(Topics.CHECKPOINTS, partition), Clock.systemUTC())) {
            end.readFrom(0, record -> fixture.feed.publish(Bytes.wrap(record.value())));
        }
        fixture.checkComplete(store, "partition " + partition);
    }

    private static LogFixture grow(LogFixture log, int entries) {
        for (int i = 0; i < entries; i++) {
            log.apply("acme/" + i % 3, log.size(), log.size() + 1);
        }
        return log.heads();
    }

    @Test
    void whatIsCommittedIsArchivedAnnouncedAndGoneOnWithAfterAStop() throws Exception {
        LogFixture log = grow(new LogFixture("terraseal.local/service"), 20);
        produce(0, ListedEntries.of(log), 4);
        try (ArchiverService service = service(0, log)) {
            awaitCheckpoint(service, log.size());
            check(0, log);
        }
        int before = log.size();
        grow(log, 20);
        produce(0, ListedEntries.of(log).subList(before, log.size()), 4);
        TestAuthority authority = TestAuthority.seeded("tsa", 1);
        try (TsaStandIn silent = new TsaStandIn(authority, Clock.systemUTC());
                TsaStandIn well = new TsaStandIn(authority, Clock.systemUTC())) {
            silent.mood(TsaStandIn.Mood.SILENT);
            try (ArchiverService service = service(0, log, stampedBy(silent, well))) {
                awaitCheckpoint(service, log.size());
                check(0, log);
                assertThat(service.progress().next()).isEqualTo(log.size());
                assertThat(service.progress().waiting()).isNull();
            }
        }
        requireStamped(log);
        assertThat(fatal).isEmpty();
    }

    /** By one that never answers, and one that does. */
    private static TimeSettings stampedBy(TsaStandIn silent, TsaStandIn well) {
        return new TimeSettings(
                List.of(
                        new TimeSettings.Authority("silent", silent.address()),
                        new TimeSettings.Authority("well", well.address())),
                List.of(),
                Duration.ofHours(1),
                Duration.ofSeconds(1),
                Duration.ofDays(365));
    }

    private void requireStamped(LogFixture log) throws Exception {
        DirectoryStore store = DirectoryStore.openForReading(directory);
        List<String> tokens = store.names("timestamps/" + log.size() + "/", "", 10);
        assertThat(tokens).hasSize(1).allMatch(name -> name.contains("/well-"));
        Bytes token = store.read(tokens.get(0), Validity.any()).orElseThrow().content();
        Bytes note = store.read("checkpoints/" + log.size(), Validity.any())
                .orElseThrow()
                .content();
        assertThat(TimeStampToken.open(token, note).signer()).isEqualTo("CN=tsa signer");
    }

    @Test
    void anArchiverThatWasAbandonedAndItsSuccessorMakeOneHistory() throws Exception {
        LogFixture log = grow(new LogFixture("terraseal.local/abandoned"), 10);
        produce(1, ListedEntries.of(log), 3);
        // Never closed before the end: it goes on beside the other one, as one does that was only thought dead.
        ArchiverService abandoned = service(1, log);
        awaitCheckpoint(abandoned, log.size());
        ArchiverService successor = service(1, log);
        for (int round = 0; round < 5; round++) {
            int before = log.size();
            grow(log, 10);
            produce(1, ListedEntries.of(log).subList(before, log.size()), 2);
            awaitAnyCheckpoint(abandoned, successor, log.size());
        }
        abandoned.close();
        successor.close();
        check(1, log);
        // One of the two may have stopped because the other was ahead; neither for any other reason.
        assertThat(fatal).allMatch(stopped -> stopped.message().contains("another archiver is at size"));
        assertThat(fatal).hasSizeLessThan(2);
    }

    private static void awaitAnyCheckpoint(ArchiverService one, ArchiverService other, long size) {
        while (Math.max(one.progress().checkpointSize(), other.progress().checkpointSize()) < size) {
            LockSupport.parkNanos(5_000_000);
        }
    }

    @Test
    void aForkIsReportedOnceWithWhatToDo() throws Exception {
        LogFixture log = grow(new LogFixture("terraseal.local/forked"), 3);
        produce(2, ListedEntries.of(log), 10);
        try (ArchiverService service = service(2, log)) {
            awaitCheckpoint(service, log.size());
        }
        LogFixture other = grow(new LogFixture("terraseal.local/forked"), 6);
        produce(2, ListedEntries.of(other).subList(4, 7), 10);
        try (ArchiverService service = service(2, log)) {
            FatalError stopped = fatal.poll(180, TimeUnit.SECONDS);
            assertThat(stopped).isNotNull();
            assertThat(stopped.toString()).startsWith("archiver: ").contains("entry 4");
            assertThat(service.progress().checkpointSize()).isEqualTo(log.size());
        }
    }

    @Test
    void aRecordThatIsNoAttestationIsNamedByItsOffset() throws Exception {
        LogFixture log = grow(new LogFixture("terraseal.local/foreign"), 1);
        try (Producer<byte[], byte[]> producer = kafka.producer("test-foreign");
                ArchiverService service = service(3, log)) {
            var sent = producer.send(new ProducerRecord<>(Topics.ATTESTATIONS, 3, new byte[] {1}, new byte[] {2}));
            assertThat(sent.get().offset()).isZero();
            FatalError stopped = fatal.poll(180, TimeUnit.SECONDS);
            assertThat(stopped).isNotNull();
            assertThat(stopped.message()).contains("offset 0 of terraseal.attestations");
            assertThat(service.progress().checkpointSize()).isZero();
        }
    }

    @Test
    void aForeignRecordStopsTheArchiverAfterWhatIsGoodBeforeItAlsoAtTheNextStart() throws Exception {
        LogFixture log = grow(new LogFixture("terraseal.local/between"), 5);
        produce(4, ListedEntries.of(log), 10);
        int good = log.size();
        try (Producer<byte[], byte[]> producer = kafka.producer("test-foreign")) {
            producer.send(new ProducerRecord<>(Topics.ATTESTATIONS, 4, new byte[] {1}, new byte[] {2}))
                    .get();
        }
        grow(log, 5);
        produce(4, ListedEntries.of(log).subList(good, log.size()), 10);
        String said = null;
        for (int start = 0; start < 2; start++) {
            try (ArchiverService service = service(4, log)) {
                FatalError stopped = fatal.poll(180, TimeUnit.SECONDS);
                assertThat(stopped).isNotNull();
                assertThat(stopped.message()).contains("of terraseal.attestations partition 4 is no attestation");
                assertThat(said == null ? stopped.message() : said).isEqualTo(stopped.message());
                said = stopped.message();
                assertThat(service.progress().checkpointSize()).isEqualTo(good);
            }
        }
    }

    @Test
    void howManyEntriesWaitIsTrueAlsoWhileNoneAreRead() throws Exception {
        LogFixture log = grow(new LogFixture("terraseal.local/waiting"), 5);
        produce(5, ListedEntries.of(log), 3);
        try (KafkaSignedEntries entries = new KafkaSignedEntries(kafka, 5, Clock.systemUTC())) {
            ArchiverProgress progress = new ArchiverProgress();
            progress.follows(entries::behind);
            assertThat(progress.behind()).isEqualTo(-1);
            entries.seek(SequenceNumber.ZERO);
            assertThat(progress.behind()).isGreaterThanOrEqualTo(log.size());
            for (int read = 0; read < log.size() || progress.behind() > 0; ) {
                read += entries.poll(Duration.ofMillis(10)).size();
            }
            int before = log.size();
            grow(log, 10);
            produce(5, ListedEntries.of(log).subList(before, log.size()), 4);
            // From here on it reads nothing, as an archiver that waits for its store.
            while (progress.behind() < log.size() - before) {
                Thread.sleep(10);
            }
            assertThat(entries.poll(Duration.ofSeconds(60))).isNotEmpty();
        }
    }
}
