package dev.terraseal.ingest.follow;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.core.statement.StatementIdentity;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicEnd;
import dev.terraseal.kafka.Topics;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.store.StoreException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Where following begins: at the end of the archive, by the newest checkpoint.
 *
 * @param tail knows the checkpoint and nothing else yet
 * @param liveFrom the offset of the first entry beyond the checkpoint, or of the end
 * @param checkpointsEnd where newer checkpoints will be
 * @param onTopicFrom the first entry the topic still has; the ones before were trimmed and are in the archive only
 * @param trimmedHash of the entry before that one, which it names; empty where nothing was trimmed, or the topic does not
 *     reach down to the checkpoint
 */
record StartOfTail(LogTail tail, long liveFrom, long checkpointsEnd, long onTopicFrom, Optional<Digest> trimmedHash) {

    static StartOfTail find(KafkaConnection kafka, int partition, ArchivedEntries archive, InstantSource clock)
            throws NoteException, StoreException {
        TopicPartition notes = new TopicPartition(Topics.CHECKPOINTS, partition);
        Optional<SignedNote> newest;
        long checkpointsEnd;
        try (TopicEnd end = TopicEnd.open(kafka, "terraseal-ingest-start", notes, clock)) {
            Optional<ConsumerRecord<byte[], byte[]>> record = end.newest();
            newest = record.isEmpty() ? Optional.empty() : Optional.of(note(record.get()));
            checkpointsEnd = end.end();
        }
        long archived =
                newest.isEmpty() ? 0 : Checkpoint.parse(newest.get().text()).size();
        TopicPartition entries = new TopicPartition(Topics.ATTESTATIONS, partition);
        try (TopicEnd end = TopicEnd.open(kafka, "terraseal-ingest-start", entries, clock)) {
            long liveFrom = archived == 0
                    ? end.begin()
                    : end.offsetOf(new SequenceNumber(archived)).orElse(end.end());
            Optional<ConsumerRecord<byte[], byte[]>> oldest = end.oldestEntry()
                    .filter(record -> EntryHeaders.sequence(record).value() <= archived);
            long onTopicFrom =
                    oldest.map(record -> EntryHeaders.sequence(record).value()).orElse(archived);
            Optional<Digest> trimmedHash = onTopicFrom == 0 ? Optional.empty() : oldest.map(StartOfTail::previousHash);
            LogTail tail = new LogTail(archived, archived > 0 && !isHeads(archived - 1, end, archive));
            newest.ifPresent(note -> tail.checkpoint(note, archived));
            return new StartOfTail(tail, liveFrom, checkpointsEnd, onTopicFrom, trimmedHash);
        }
    }

    private static boolean isHeads(long sequence, TopicEnd end, ArchivedEntries archive) throws StoreException {
        SequenceNumber number = new SequenceNumber(sequence);
        Optional<ConsumerRecord<byte[], byte[]>> record = end.find(number);
        if (record.isPresent()) {
            return AttestationRecord.decode(record.get().value()).predicateType() == PredicateType.HEADS;
        }
        List<ArchivedEntries.Line> archived = archive.from(number);
        return !archived.isEmpty()
                && Statement.parse(archived.get(0).statement()).type() == PredicateType.HEADS;
    }

    private static Digest previousHash(ConsumerRecord<byte[], byte[]> record) {
        return StatementIdentity.scan(LogFollower.attestation(record).statement())
                .prevHash();
    }

    static SignedNote note(ConsumerRecord<byte[], byte[]> record) throws NoteException {
        return SignedNote.parse(Bytes.copyOf(record.value()));
    }
}
