package dev.terraseal.archiver.resume;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.kafka.HangingTransactions;
import dev.terraseal.kafka.KafkaUnavailableException;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.schemas.BatchPath;
import dev.terraseal.schemas.SequencedRecord;
import dev.terraseal.store.ArchivedEntry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Writes entries as sequencer and signer wrote them. One transaction holds an entry on both topics, so that a run that is
 * killed leaves them at one size. Its id is the signer's: a signer that still runs is shut out, and the next one shuts
 * this out.
 */
final class ResumeOutput implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final ResumePlace place;
    private final LogOrigin origin;
    private final long size;
    private final String transactionalId;
    private final Producer<byte[], byte[]> producer;

    /**
     * An entry on its way.
     *
     * @param keyEvent the newest key event below it, null if there is none
     */
    record Taken(
            ArchivedEntry entry,
            Statement statement,
            @Nullable SequenceNumber keyEvent) {}

    /** @param size how many entries will be there in the end: it is in each of them */
    ResumeOutput(ResumePlace place, LogOrigin origin, long size) {
        this.place = place;
        this.origin = origin;
        this.size = size;
        this.transactionalId = "terraseal-signer-" + origin + "-" + place.partition();
        this.producer = place.kafka().transactionalProducer(transactionalId);
    }

    /** What is read after this is decided, and nobody else writes. */
    void takeOver(Admin admin) {
        try {
            producer.initTransactions();
        } catch (KafkaException refused) {
            throw new KafkaUnavailableException(
                    "Kafka does not let the log be written: " + refused.getMessage(), refused);
        }
        new HangingTransactions(admin, transactionalId::equals)
                .abort(List.of(place.sequenced(), place.attestations(), place.checkpoints()));
    }

    /** @param note the archive's newest checkpoint, with the first entries: from then on no stage takes the topics for new */
    void commit(List<Taken> entries, @Nullable Bytes note) {
        try {
            producer.beginTransaction();
            if (note != null) {
                send(new ProducerRecord<>(
                        place.checkpoints().topic(), place.partition(), utf8(origin.value()), note.toByteArray()));
            }
            for (Taken taken : entries) {
                Statement statement = taken.statement();
                send(record(place.sequenced(), taken, sequenced(statement)));
                send(record(place.attestations(), taken, attestation(taken)));
            }
            producer.commitTransaction();
        } catch (KafkaException failed) {
            throw new KafkaUnavailableException(
                    "Kafka did not take entry " + entries.get(0).statement().sequence() + " and those after it ("
                            + failed.getMessage()
                            + "). If a signer or another resume was started, stop it. Run this again, it goes on there",
                    failed);
        }
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        // What a send could not do, the commit reports.
        Future<?> unused = producer.send(record);
    }

    private ProducerRecord<byte[], byte[]> record(TopicPartition on, Taken taken, byte[] value) {
        Statement statement = taken.statement();
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                on.topic(),
                on.partition(),
                statement.receivedAt().epochMillis(),
                utf8(statement.stream().value()),
                value);
        long source = EntryHeaders.sourceOfTakenUp(statement.sequence(), size);
        new EntryHeaders(statement.sequence(), source, statement.entryHash()).addTo(record.headers());
        if (taken.keyEvent() != null && on.equals(place.sequenced())) {
            EntryHeaders.addKeyEvent(record.headers(), taken.keyEvent());
        }
        return record;
    }

    private byte[] sequenced(Statement statement) {
        return new SequencedRecord(statement.sequence(), statement.stream(), statement.entryHash(), statement.bytes())
                .encode(place.sequencedSchema());
    }

    private byte[] attestation(Taken taken) {
        Statement statement = taken.statement();
        ArchivedEntry.InBatch batch = taken.entry().batch();
        return new AttestationRecord(
                        origin,
                        statement.sequence(),
                        statement.stream(),
                        statement.type(),
                        statement.entryHash(),
                        statement.bytes(),
                        taken.entry().signatures(),
                        batch == null ? null : new BatchPath(batch.first(), batch.path()))
                .encode(place.attestationSchema());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
