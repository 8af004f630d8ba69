package dev.terraseal.archiver.topic;

import dev.terraseal.archiver.ArchiverStoppedException;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.KafkaUnavailableException;
import dev.terraseal.kafka.TopicEnd;
import dev.terraseal.kafka.Topics;
import dev.terraseal.kafka.UndecidedTransactionException;
import dev.terraseal.kafka.Unread;
import dev.terraseal.schemas.AttestationRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** {@code terraseal.attestations} of one log. No member of a group: the archive says where to go on, no offset does. */
public final class KafkaSignedEntries implements SignedEntries {
    private static final String CLIENT = "terraseal-archiver";

    private final KafkaConnection connection;
    private final TopicPartition partition;
    private final InstantSource clock;
    private final Consumer<byte[], byte[]> consumer;
    private final Unread unread;
    private @Nullable ArchiverStoppedException foreign;
    private volatile long place = -1;

    public KafkaSignedEntries(KafkaConnection connection, int logPartition, InstantSource clock) {
        this.connection = connection;
        this.partition = new TopicPartition(Topics.ATTESTATIONS, logPartition);
        this.clock = clock;
        this.consumer = connection.consumer(CLIENT + "-" + logPartition, partition);
        this.unread = new Unread(connection, CLIENT + "-behind-" + logPartition, partition);
    }

    private TopicEnd end() {
        return TopicEnd.open(connection, CLIENT + "-end-" + partition.partition(), partition, clock);
    }

    @Override
    public Optional<Extent> extent() {
        try (TopicEnd end = end()) {
            Optional<SequenceNumber> oldest = end.oldestEntry().map(EntryHeaders::sequence);
            Optional<SequenceNumber> newest = end.newestEntry().map(EntryHeaders::sequence);
            return oldest.flatMap(first -> newest.map(last -> new Extent(first, last)));
        }
    }

    @Override
    public Optional<String> mayReach(SequenceNumber sequence) {
        try {
            return SignedEntries.super.mayReach(sequence);
        } catch (KafkaUnavailableException | UndecidedTransactionException | TimeoutException silent) {
            return Optional.of("where it ends is not known: " + silent.getMessage());
        }
    }

    @Override
    public void seek(SequenceNumber sequence) {
        foreign = null;
        try (TopicEnd end = end()) {
            long offset = offset(end, sequence);
            consumer.seek(partition, offset);
            place = offset;
        }
    }

    private static long offset(TopicEnd end, SequenceNumber sequence) {
        if (sequence.value() == 0) {
            // What lies before the first entry is no entry, and must be met.
            return end.begin();
        }
        return end.offsetOf(sequence)
                .orElseGet(() -> end.newestEntry()
                        .filter(newest -> EntryHeaders.sequence(newest).compareTo(sequence) < 0)
                        .map(newest -> newest.offset() + 1)
                        .orElse(end.begin()));
    }

    @Override
    public List<AttestationRecord> poll(Duration atMost) {
        if (foreign != null) {
            throw foreign;
        }
        List<AttestationRecord> entries = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records(atMost)) {
            try {
                entries.add(decode(record));
            } catch (IllegalArgumentException malformed) {
                foreign = stop(record, malformed);
                break;
            }
        }
        if (entries.isEmpty() && foreign != null) {
            throw foreign;
        }
        return entries;
    }

    private List<ConsumerRecord<byte[], byte[]>> records(Duration atMost) {
        try {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(atMost);
            place = unread.polled(polled, consumer.currentLag(partition), place);
            return polled.records(partition);
        } catch (OffsetOutOfRangeException deleted) {
            throw new ArchiverStoppedException(
                    partition + " was cut or deleted while it was read (" + deleted.getMessage()
                            + "): find who did, and put it back before entries are missed",
                    deleted);
        }
    }

    private static AttestationRecord decode(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        if (value == null) {
            throw new IllegalArgumentException("it has no value");
        }
        return AttestationRecord.decode(value);
    }

    private static ArchiverStoppedException stop(ConsumerRecord<byte[], byte[]> record, Exception malformed) {
        return new ArchiverStoppedException(
                "the record at offset " + record.offset() + " of " + record.topic() + " partition " + record.partition()
                        + " is no attestation: " + malformed.getMessage()
                        + ". It was not written by the signer: find who writes there and take the permission away",
                malformed);
    }

    @Override
    public long behind() {
        long from = place;
        return from < 0 ? -1 : unread.from(from);
    }

    @Override
    public void close() {
        unread.close();
        consumer.close();
    }
}
