package dev.terraseal.signer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.embedded.TestBroker;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.kafka.FatalError;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.kafka.Topics;
import dev.terraseal.keys.KeyInForce;
import dev.terraseal.keys.KeyLocator;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.keys.Providers;
import dev.terraseal.keys.kms.KmsConnection;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.schemas.SequencedRecord;
import dev.terraseal.signer.check.Entry;
import dev.terraseal.signer.check.RefusedEntryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service against a real broker. Each test has a partition, and so a log, of its own. */
class SignerServiceTest {
    private static final int SCHEMA = 3;
    private static TestBroker broker;
    private static KafkaConnection kafka;
    private static int logs;

    @TempDir
    Path temp;

    private final LinkedBlockingQueue<FatalError> fatal = new LinkedBlockingQueue<>();
    private final List<SignerService> services = new ArrayList<>();
    private Chained chained;
    private int partition;
    private Producer<byte[], byte[]> sequencer;

    @BeforeAll
    static void startBroker() {
        broker = TestBroker.start();
        kafka = new KafkaConnection(broker.bootstrap(), Map.of());
        try (Admin admin = kafka.admin("test")) {
            new TopicAdmin(admin).create(Topics.embedded(20).specs());
        }
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void begin() throws Exception {
        partition = logs++;
        chained = Chained.born(temp.resolve("log"));
        sequencer = kafka.transactionalProducer("test-sequencer-" + partition);
        sequencer.initTransactions();
    }

    @AfterEach
    void end() {
        services.forEach(SignerService::close);
        sequencer.close(Duration.ZERO);
    }

    private SignerService start(MessageSigner key, @Nullable Path floor) {
        return start(KeyInForce.only(key), kafka, floor);
    }

    private SignerService start(KeyInForce keys, KafkaConnection connection, @Nullable Path floor) {
        SignerConfig config = new SignerConfig(
                connection,
                partition,
                20,
                temp.resolve("log/log.json"),
                temp.resolve("log/keys"),
                List.of(new KeyLocator.Local()),
                null,
                KmsConnection.standard(),
                4,
                floor,
                SigningForm.each(),
                null);
        SignerService service =
                new SignerService(config, chained.log, keys, SCHEMA, null, Clock.systemUTC(), fatal::add);
        services.add(service);
        service.start();
        return service;
    }

    private SignerService start() throws Exception {
        return start(chained.attest(), null);
    }

    /** As the sequencer does: in transactions, so that offsets have holes. */
    private void sequence(List<Entry> entries) {
        for (int from = 0; from < entries.size(); from += 10) {
            sequencer.beginTransaction();
            for (Entry entry : entries.subList(from, Math.min(from + 10, entries.size()))) {
                send(entry);
            }
            sequencer.commitTransaction();
        }
    }

    private void send(Entry entry) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                Topics.SEQUENCED,
                partition,
                Bytes.utf8(entry.stream().value()).toByteArray(),
                new SequencedRecord(entry.sequence(), entry.stream(), entry.entryHash(), entry.statement()).encode(2));
        new EntryHeaders(entry.sequence(), entry.source(), entry.entryHash()).addTo(record.headers());
        sequencer.send(record);
    }

    /** What a consumer with read_committed sees, as soon as that is {@code count} records. */
    private List<ConsumerRecord<byte[], byte[]>> attestations(int count) {
        TopicPartition topic = new TopicPartition(Topics.ATTESTATIONS, partition);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = kafka.consumer("test-reader", topic)) {
            consumer.seekToBeginning(Set.of(topic));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
            while (records.size() < count) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                assertThat(deadline - System.nanoTime())
                        .as("%s of %s attestations; fatal: %s", records.size(), count, fatal)
                        .isPositive();
            }
        }
        return records;
    }

    private void assertAttested(List<Entry> entries) throws Exception {
        SignatureChecker checker = new SignatureChecker(Providers.fast());
        List<ConsumerRecord<byte[], byte[]>> records = attestations(entries.size());
        assertThat(records).hasSameSizeAs(entries);
        for (int i = 0; i < entries.size(); i++) {
            AttestationRecord attestation =
                    AttestationRecord.decode(records.get(i).value());
            Entry entry = entries.get(i);
            assertThat(attestation.sequence().value()).isEqualTo(i);
            assertThat(attestation.statement()).isEqualTo(entry.statement());
            assertThat(attestation.log()).isEqualTo(chained.log.origin());
            assertThat(Bytes.copyOf(records.get(i).key()).utf8())
                    .isEqualTo(entry.stream().value());
            assertThat(EntryHeaders.of(records.get(i)))
                    .isEqualTo(new EntryHeaders(entry.sequence(), entry.source(), entry.entryHash()));
            assertThat(records.get(i).value()[4]).isEqualTo((byte) SCHEMA);
            assertThat(attestation.signatures()).hasSize(1);
            assertThat(attestation.signatures().get(0).keyid())
                    .isEqualTo(chained.attestKey().keyid());
            assertThat(checker.verify(
                            chained.attestKey(),
                            Dsse.pae(Dsse.STATEMENT, entry.statement()),
                            attestation.signatures().get(0).sig()))
                    .isTrue();
        }
    }

    private FatalError awaitFatal() throws InterruptedException {
        FatalError error = fatal.poll(180, TimeUnit.SECONDS);
        assertThat(error).as("the signer stops for good").isNotNull();
        return error;
    }

    @Test
    void everyEntryIsAttestedOnceAcrossRestarts() throws Exception {
        List<Entry> entries = chained.entries(90);
        sequence(entries.subList(0, 50));
        SignerService first = start();
        attestations(50);
        first.close();
        assertThat(first.status().phase()).isEqualTo(SignerStatus.Phase.STOPPED);
        sequence(entries.subList(50, 70));
        start();
        attestations(70);
        sequence(entries.subList(70, 90));
        assertAttested(entries);
        assertThat(fatal).isEmpty();
    }

    @Test
    void aNewerSignerFencesTheOlderWhichStopsForGood() throws Exception {
        List<Entry> entries = new ArrayList<>(chained.entries(10));
        sequence(entries);
        start();
        attestations(10);
        start();
        // The older one notices at its next commit at the latest.
        while (fatal.isEmpty()) {
            List<Entry> more = chained.entries(5);
            entries.addAll(more);
            sequence(more);
            attestations(entries.size());
        }
        assertThat(awaitFatal().message()).contains("another signer took over");
        assertAttested(entries);
        assertThat(fatal).isEmpty();
    }

    @Test
    void aTransactionThatKafkaEndedBecauseItTookTooLongIsMadeAgainByTheSameSigner() throws Exception {
        StallingClients clients = new StallingClients(KafkaConnection.TRANSACTION_TIMEOUT.plus(Duration.ofSeconds(5)));
        List<Entry> entries = chained.entries(60);
        sequence(entries);
        start(KeyInForce.only(chained.attest()), new KafkaConnection(broker.bootstrap(), Map.of(), clients), null);
        assertAttested(entries);
        assertThat(clients.stalled).isTrue();
        assertThat(fatal).isEmpty();
    }

    @Test
    void aTransactionLeftOpenByAKilledSignerIsEndedAndItsSignaturesMadeAgain() throws Exception {
        List<Entry> entries = chained.entries(10);
        sequence(entries);
        Producer<byte[], byte[]> killed =
                kafka.transactionalProducer("terraseal-signer-" + chained.log.origin() + "-" + partition);
        killed.initTransactions();
        killed.beginTransaction();
        killed.send(new ProducerRecord<>(Topics.ATTESTATIONS, partition, new byte[0], new byte[] {1}))
                .get(120, TimeUnit.SECONDS);
        start();
        assertAttested(entries);
        killed.close(Duration.ZERO);
    }

    @Test
    void aForeignRecordStopsTheSignerAfterWhatIsGoodBeforeIt() throws Exception {
        List<Entry> entries = chained.entries(7);
        sequence(entries);
        sendForeign();
        start();
        assertThat(awaitFatal().message()).contains("offset 8", "only the sequencer may");
        assertAttested(entries);
    }

    @Test
    void aForeignRecordWhileTheSignerRunsAndAtItsNextStartIsTheSame() throws Exception {
        sendForeignAfter(0);
        partition = logs++;
        sendForeignAfter(5);
    }

    private void sendForeignAfter(int count) throws Exception {
        sequencer.close(Duration.ZERO);
        chained = Chained.born(temp.resolve("log-" + count));
        sequencer = kafka.transactionalProducer("test-sequencer-" + partition);
        sequencer.initTransactions();
        List<Entry> entries = chained.entries(count);
        sequence(entries);
        start();
        attestations(count);
        sendForeign();
        String running = awaitFatal().message();
        assertThat(running).contains("offset " + (count == 0 ? 0 : count + 1), "only the sequencer may");
        sequence(chained.entries(3));
        start();
        assertThat(awaitFatal().message()).isEqualTo(running);
        assertAttested(entries);
    }

    private void sendForeign() {
        sequencer.beginTransaction();
        sequencer.send(new ProducerRecord<>(Topics.SEQUENCED, partition, new byte[0], new byte[] {0, 0, 0, 0, 1, 9}));
        sequencer.commitTransaction();
    }

    @Test
    void entriesDeletedBeforeTheyWereSignedStopTheSigner() throws Exception {
        sequence(chained.entries(30));
        try (Admin admin = kafka.admin("test")) {
            admin.deleteRecords(
                            Map.of(new TopicPartition(Topics.SEQUENCED, partition), RecordsToDelete.beforeOffset(15)))
                    .all()
                    .get(120, TimeUnit.SECONDS);
        }
        start();
        assertThat(awaitFatal().message()).contains("where 0 is next: entries are missing");
    }

    @Test
    void attestationsOfAnotherLogStopTheSigner() throws Exception {
        List<Entry> entries = chained.entries(5);
        sequence(entries);
        start();
        attestations(5);
        services.forEach(SignerService::close);
        chained = Chained.born(temp.resolve("another"));
        start();
        assertThat(awaitFatal().message())
                .contains("is no attestation of this log", chained.log.origin().value());
    }

    private void publishCheckpoint(List<Entry> entries) throws Exception {
        List<Digest> leaves = entries.stream()
                .map(entry -> Merkle.leafHash(entry.entryHash()))
                .toList();
        Bytes note = NoteSigner.sign(
                        new Checkpoint(chained.log.origin(), entries.size(), Merkle.root(leaves)),
                        chained.keys.signer(chained.log.keys(KeyUse.LOG)))
                .bytes();
        publish(note);
    }

    private void publish(Bytes note) throws Exception {
        try (Producer<byte[], byte[]> producer = kafka.producer("test-archiver")) {
            producer.send(new ProducerRecord<>(Topics.CHECKPOINTS, partition, new byte[0], note.toByteArray()))
                    .get(120, TimeUnit.SECONDS);
        }
    }

    @Test
    void lostAttestationsBelowACheckpointAreMadeAgainForTheSameStatements() throws Exception {
        List<Entry> entries = chained.entries(25);
        publishCheckpoint(entries.subList(0, 20));
        sequence(entries.subList(0, 10));
        SignerService service = start();
        while (service.status().phase() != SignerStatus.Phase.CATCHING_UP) {
            Thread.onSpinWait();
        }
        sequence(entries.subList(10, 25));
        assertAttested(entries);
    }

    @Test
    void otherStatementsBelowACheckpointAreNeverSigned() throws Exception {
        publishCheckpoint(chained.entries(20));
        // Whoever may write to the topic can put anything behind it, also what the log signed long ago.
        publishCheckpoint(chained.again().entries(5));
        publish(Bytes.utf8("no note"));
        sequence(chained.again().entries(25, "other"));
        start();
        assertThat(awaitFatal().message()).contains("the newest checkpoint", "fork");
        assertThat(attestations(0)).isEmpty();
    }

    /** To take them for nothing would be to sign without a floor. */
    @Test
    void whereCheckpointsCannotBeCheckedNothingIsKnownAndNothingSigned() throws Exception {
        publishCheckpoint(chained.entries(20));
        Provider empty = new Provider("nothing", "1", "has no algorithm") {};
        SignatureChecker blind = new SignatureChecker(algorithm -> empty);
        KeyRing ring = KeyRing.of(chained.log);
        assertThatThrownBy(() -> CheckpointFloor.read(kafka, partition, ring, blind, Clock.systemUTC()))
                .isInstanceOf(RefusedEntryException.class)
                .hasMessageContaining("not known what was signed");
        assertThat(CheckpointFloor.read(
                        kafka, partition, ring, new SignatureChecker(Providers.fast()), Clock.systemUTC()))
                .isPresent();
    }

    @Test
    void theFloorFileRemembersWhatWasSigned() throws Exception {
        Path floor = temp.resolve("floor.json");
        List<Entry> entries = chained.entries(6);
        sequence(entries);
        SignerService service = start(chained.attest(), floor);
        attestations(6);
        service.close();
        assertThat(Files.readString(floor))
                .isEqualTo("{\"entryHash\":\"" + entries.get(5).entryHash() + "\",\"genesis\":\""
                        + chained.log.genesis() + "\",\"size\":6}");
        chained = Chained.born(temp.resolve("another"));
        partition = logs++;
        start(chained.attest(), floor);
        assertThat(awaitFatal().message()).contains("give it a file of its own");
    }

    @Test
    void howFarItIsBehindIsTrueAlsoWhileItReadsNothing() throws Exception {
        AtomicBoolean answers = new AtomicBoolean();
        SignerService service = start(
                new KeyInForce(KeyUse.ATTEST, declared -> {
                    if (!answers.get()) {
                        throw KeyUnavailableException.passing("no answer", null);
                    }
                    return chained.keys.signer(declared);
                }),
                kafka,
                null);
        while (service.status().putOff() == 0) {
            Thread.onSpinWait();
        }
        assertThat(service.status().behind()).isZero();
        List<Entry> entries = chained.entries(12);
        sequence(entries);
        while (service.status().behind() < 12) {
            Thread.sleep(10);
        }
        answers.set(true);
        assertAttested(entries);
        while (service.status().behind() > 0) {
            Thread.sleep(10);
        }
    }
}
