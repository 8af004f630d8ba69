package dev.terraseal.archiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.archiver.resume.LogResume;
import dev.terraseal.archiver.resume.ReceiptsAbove;
import dev.terraseal.archiver.resume.ResumePlace;
import dev.terraseal.archiver.resume.ResumeRefusedException;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.embedded.TestBroker;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.kafka.TopicEnd;
import dev.terraseal.kafka.Topics;
import dev.terraseal.keys.Providers;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.schemas.SequencedRecord;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.directory.DirectoryStore;
import dev.terraseal.store.s3.S3Location;
import dev.terraseal.store.s3.S3Store;
import dev.terraseal.testkit.log.FixtureEntry;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.s3.S3StandIn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** A log is put back on empty topics from its archive alone; each case on partitions of its own. */
@Timeout(120)
class LogResumeTest {
    private static final int PARTITIONS = 11;
    private static TestBroker broker;
    private static KafkaConnection kafka;

    @TempDir
    private Path directory;

    private final SignatureChecker checker = new SignatureChecker(Providers.fast());

    /** The process is gone. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @BeforeAll
    static void start() {
        broker = TestBroker.start();
        kafka = new KafkaConnection(broker.bootstrap(), Map.of());
        try (Admin admin = kafka.admin("test")) {
            new TopicAdmin(admin).create(Topics.embedded(PARTITIONS).specs());
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private LogResume resume(int partition, LogFixture log, ArchiveReader store) {
        ResumePlace place = new ResumePlace(kafka, partition, 2, 3, "terraseal-sequencer", "the-changelog");
        return new LogResume(log.log(), store, place, checker, Runnable::run, Clock.systemUTC());
    }

    /** As a log and its archive stand after a crash: the last segment is kept, its checkpoint is not. */
    private ArchiveStore archive(LogFixture log, int perSegment) throws Exception {
        ArchiveStore store = DirectoryStore.open(directory);
        ArchiverFixture fixture = new ArchiverFixture(log).born(store).batchesKept(store);
        fixture.perPoll = perSegment;
        fixture.archive(store, ArchiverFixture.limits(perSegment));
        Files.delete(directory.resolve("checkpoints/" + log.size()));
        Files.delete(directory.resolve("checkpoint"));
        return store;
    }

    private static LogFixture small(String name) {
        LogFixture log = new LogFixture("terraseal.local/" + name);
        return log.apply("a", 1, 2).apply("b", 1, 2).heads().apply("a", 2, 3).apply("a", 3, 4);
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(String topic, int partition) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (TopicEnd end = TopicEnd.open(kafka, "test-end", new TopicPartition(topic, partition), Clock.systemUTC())) {
            end.readFrom(0, records::add);
        }
        return records;
    }

    private static void send(String topic, int partition, byte[] value, long sequence, long source) throws Exception {
        try (Producer<byte[], byte[]> producer = kafka.producer("test")) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, partition, new byte[0], value);
            new EntryHeaders(new SequenceNumber(sequence), source, Digest.of(Bytes.wrap(value)))
                    .addTo(record.headers());
            producer.send(record).get();
        }
    }

    @Test
    void everyEntryIsBackInItsPlaceAlsoAfterARunThatWasKilled() throws Exception {
        LogFixture log = new LogFixture("terraseal.local/resumed");
        for (int i = 0; i < 600; i++) {
            log.apply("acme/" + i % 3, i, i + 1);
        }
        log.heads().rotateAttestKey().apply("acme/0", 600, 601).rotateLogKey().batch("acme/1", 5);
        log.apply("acme/2", 600, 601).heads();
        ArchiveStore store = archive(log, 100);
        LogResume resume = resume(0, log, store);
        LogResume.Found found = resume.look();
        assertThat(found.archive().size()).isEqualTo(log.size());
        assertThat(found.archive().checkpoint().size()).isEqualTo(600);
        assertThat(found.archive().newest())
                .extracting(Statement::entryHash)
                .isEqualTo(newest(log).entryHash());
        assertThat(found.begun()).isZero();

        assertThatThrownBy(() -> resume.write(found, written -> {
                    throw new Killed();
                }))
                .isInstanceOf(Killed.class);
        LogResume.Found again = resume.look();
        assertThat(again.begun()).isBetween(1L, log.size() - 1L);
        assertThat(again.isDone()).isFalse();
        List<ConsumerRecord<byte[], byte[]>> half = records(Topics.SEQUENCED, 0);
        assertThat(EntryHeaders.of(half.get(half.size() - 1)).source()).isEqualTo(again.begun() - 1 - log.size());

        List<Long> progress = new ArrayList<>();
        resume.write(again, progress::add);
        assertThat(progress).isSorted().last().isEqualTo((long) log.size());
        assertThat(resume.look().isDone()).isTrue();
        requireWhole(0, log);
        ConsumerRecord<byte[], byte[]> note = records(Topics.CHECKPOINTS, 0).get(0);
        assertThat(Bytes.wrap(note.value())).isEqualTo(found.archive().note());
    }

    private static Statement newest(LogFixture log) {
        return Statement.parse(log.entries().get(log.size() - 1).statement());
    }

    private static void requireWhole(int partition, LogFixture log) {
        List<ConsumerRecord<byte[], byte[]>> sequenced = records(Topics.SEQUENCED, partition);
        List<ConsumerRecord<byte[], byte[]>> attested = records(Topics.ATTESTATIONS, partition);
        List<AttestationRecord> stream = ListedEntries.of(log);
        assertThat(sequenced).hasSize(log.size());
        assertThat(attested).hasSize(log.size());
        Optional<SequenceNumber> keyEvent = Optional.empty();
        for (int i = 0; i < log.size(); i++) {
            FixtureEntry entry = log.entries().get(i);
            Statement statement = Statement.parse(entry.statement());
            EntryHeaders headers = EntryHeaders.of(sequenced.get(i));
            assertThat(headers)
                    .isEqualTo(new EntryHeaders(new SequenceNumber(i), i - log.size(), statement.entryHash()))
                    .isEqualTo(EntryHeaders.of(attested.get(i)));
            assertThat(EntryHeaders.keyEvent(sequenced.get(i))).isEqualTo(keyEvent);
            assertThat(SequencedRecord.decode(sequenced.get(i).value()).statement())
                    .isEqualTo(entry.statement());
            assertThat(AttestationRecord.decode(attested.get(i).value())).isEqualTo(stream.get(i));
            assertThat(sequenced.get(i).timestamp())
                    .isEqualTo(statement.receivedAt().epochMillis());
            keyEvent = statement.stream().value().equals("_keys") ? Optional.of(statement.sequence()) : keyEvent;
        }
    }

    @Test
    void anArchiverGoesOnWhereTheOldOneEnded() throws Exception {
        LogFixture log = small("goes-on");
        ArchiveStore store = archive(log, 2);
        LogResume resume = resume(1, log, store);
        resume.write(resume.look(), written -> {});
        ArchiverFixture later = new ArchiverFixture(log.apply("a", 4, 5).heads());
        later.archive(store);
        later.checkComplete(store, "after the resume");
    }

    @Test
    void theArchiveMayBeOnS3() throws Exception {
        try (S3StandIn service = S3StandIn.start(Clock.systemUTC())) {
            service.createBucket("evidence", true);
            try (ArchiveStore store = S3Store.open(
                    new S3Location("evidence", "prod/", service.endpoint(), null, true),
                    StaticCredentialsProvider.create(AwsBasicCredentials.create("TESTKEY", "TESTSECRET")))) {
                LogFixture log = small("s3");
                new ArchiverFixture(log).born(store).archive(store);
                service.plant("evidence", "prod/segments/00000000000000000000.jsonl", Bytes.utf8("on top\n"));
                LogResume resume = resume(2, log, store);
                resume.write(resume.look(), written -> {});
                requireWhole(2, log);
            }
        }
    }

    @Test
    void topicsThatHoldAnythingElseAreLeftAlone() throws Exception {
        LogFixture log = small("not-empty");
        ArchiveStore store = archive(log, 2);
        send(Topics.EVENTS, 3, new byte[] {1}, 0, 0);
        refused(3, log, store, "terraseal.events has had 1 records", "only the other topics were lost");
        send(Topics.REJECTED, 4, new byte[] {1}, 0, 0);
        refused(4, log, store, "terraseal.rejected has had 1 records", "keep a copy");
        send(Topics.SEQUENCED, 5, new byte[] {1}, 7, 9);
        refused(5, log, store, "terraseal.sequenced holds entries of a log");
        send(Topics.ATTESTATIONS, 5, new byte[] {1}, 7, 9);
        refused(5, log, store, "a log up to entry 7", "delete the log's topics");
        send(Topics.SEQUENCED, 6, new byte[] {1}, 7, -3);
        send(Topics.ATTESTATIONS, 6, new byte[] {1}, 7, -3);
        refused(6, log, store, "an archive of 10 entries was being taken up", "this one holds 5");
        Bytes other = Bytes.utf8(small("other").checkpoint(1).text());
        send(Topics.CHECKPOINTS, 7, other.toByteArray(), 0, 0);
        refused(7, log, store, "terraseal.checkpoints holds a note this log did not sign");
        for (int partition = 3; partition <= 7; partition++) {
            assertThat(records(Topics.ATTESTATIONS, partition)).hasSizeLessThan(2);
        }
    }

    private void refused(int partition, LogFixture log, ArchiveReader store, String... says) {
        assertThatThrownBy(() -> resume(partition, log, store).look())
                .isInstanceOf(ResumeRefusedException.class)
                .hasMessageContainingAll(says);
    }

    /** What the log signed is newer than what the archive shows: an old copy of it, or somebody cut it. */
    @Test
    void anArchiveThatLacksWhatTheLogSignedIsRefused() throws Exception {
        LogFixture log = small("cut");
        ArchiveStore store = archive(log, 2);
        byte[] note = log.checkpoint(log.size()).bytes().toByteArray();
        send(Topics.CHECKPOINTS, 8, note, 0, 0);
        refused(8, log, store, "has size 5", "that of the archive size 4", "older copy or another history");
    }

    @Test
    void whatWasSignedAsABatchAndIsLostIsNotSignedOtherwise() throws Exception {
        LogFixture log = small("batch");
        ArchiveStore store = DirectoryStore.open(directory);
        ArchiverFixture fixture = new ArchiverFixture(log).born(store);
        fixture.archive(store);
        Path planted = directory.resolve("batches/00000000000000000007.json");
        Files.createDirectories(planted.getParent());
        Files.writeString(planted, "{}");
        assertThat(resume(9, log, store).look().begun()).isZero();
        log.batch("a", 2);
        fixture.batchesKept(store);
        refused(9, log, store, "signature over the entries 5 to 6, and those from 5 on", "--receipts DIR");
        refused(9, log, withReceipts(log, store, 5), "those from 6 on");
        refused(9, log, withReceipts(log, store, 6), "a receipt of entry 6", "nothing holds entry 5");

        ArchiveReader whole = withReceipts(log, store, 1, 6, 5);
        LogResume resume = resume(10, log, whole);
        assertThat(resume.look().archive().size()).isEqualTo(7);
        resume.write(resume.look(), written -> {});
        requireWhole(10, log);
        ArchiverFixture later = new ArchiverFixture(log.apply("a", 4, 5).heads());
        later.archive(store);
        later.checkComplete(store, "after the resume");
    }

    /** The segment with the rest of the batch is gone; what is there of it was signed together with what is not. */
    @Test
    void anArchiveThatEndsWithinABatchIsNotGoneOnWithEither() throws Exception {
        LogFixture log = small("within").batch("a", 3);
        ArchiveStore store = archive(log, 6);
        Files.delete(directory.resolve("segments/00000000000000000006.jsonl"));
        refused(9, log, store, "signature over the entries 5 to 7, and those from 6 on");
        assertThat(resume(9, log, withReceipts(log, store, 6, 7))
                        .look()
                        .archive()
                        .size())
                .isEqualTo(8);
    }

    @Test
    void receiptsThatDoNotHoldOrDifferAreRefused() throws Exception {
        LogFixture log = small("receipts");
        ArchiveStore store = archive(log, 2);
        assertThatThrownBy(() -> withReceipts(small("stranger"), log, store, 4))
                .isInstanceOf(ResumeRefusedException.class)
                .hasMessageContainingAll("receipt 4", "is no receipt of this log", "another log");
        LogFixture seeded = LogFixture.seeded("terraseal.local/twice", 1).apply("a", 1, 2);
        LogFixture fork = LogFixture.seeded("terraseal.local/twice", 1).apply("a", 1, 3);
        assertThatThrownBy(() -> ReceiptsAbove.over(
                        store, Map.of("one", receipt(seeded, 0), "other", receipt(fork, 0)), seeded.log(), checker))
                .isInstanceOf(ResumeRefusedException.class)
                .hasMessageContaining("the log signed two histories");
    }

    private ArchiveReader withReceipts(LogFixture log, ArchiveReader store, int... sequences) throws Exception {
        return withReceipts(log, log, store, sequences);
    }

    private ArchiveReader withReceipts(LogFixture from, LogFixture log, ArchiveReader store, int... sequences)
            throws Exception {
        Map<String, Receipt> receipts = new LinkedHashMap<>();
        for (int sequence : sequences) {
            receipts.put("receipt " + sequence, receipt(from, sequence));
        }
        return ReceiptsAbove.over(store, receipts, log.log(), checker);
    }

    private static Receipt receipt(LogFixture log, int sequence) {
        FixtureEntry entry = log.entries().get(sequence);
        Receipt.Signed signed = entry.batch() >= 0
                ? new Receipt.InBatch(log.batches().get(entry.batch()), entry.path(), entry.statement())
                : new Receipt.Own(new Envelope(Dsse.STATEMENT, entry.statement(), entry.signatures()));
        return new Receipt(log.log(), signed, null);
    }

    @Test
    void anArchiveOfAnotherLogOrADamagedOneIsNotTakenUp() throws Exception {
        LogFixture log = small("damaged");
        ArchiveStore store = archive(log, 1);
        assertThatThrownBy(() -> resume(9, small("stranger"), store).look())
                .isInstanceOf(ArchiverStoppedException.class)
                .hasMessageContaining("is of the log with genesis");
        Path segment = directory.resolve("segments/00000000000000000001.jsonl");
        String text = Files.readString(segment);
        Files.setPosixFilePermissions(segment, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(
                segment, text.replaceFirst("\"sig\":\"MEUCI.|\"sig\":\"MEQCI.|\"sig\":\"MEYCI.", "\"sig\":\"AAAAAA"));
        assertThat(Files.readString(segment)).isNotEqualTo(text);
        LogResume resume = resume(9, log, store);
        LogResume.Found found = resume.look();
        assertThatThrownBy(() -> resume.write(found, written -> {}))
                .isInstanceOf(ArchiverStoppedException.class)
                .hasMessageContainingAll("no segment extends it at entry 1", "terraseal audit");
        assertThat(records(Topics.SEQUENCED, 9)).isEmpty();
    }
}
