package dev.terraseal.ingest.follow;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.kafka.CheckpointNotes;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicEnd;
import dev.terraseal.kafka.Topics;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.store.StoreException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where following begins: at the end of the archive, by the largest checkpoint among those published last.
 *
 * @param tail knows the checkpoint and nothing else yet
 * @param keyEvents of the archive: every one below the tail is among them
 * @param own the keys these make
 * @param liveFrom the offset of the first entry beyond the checkpoint, or of the end
 * @param checkpointsEnd where newer checkpoints will be
 * @param signedThrough the offset of the event that became the entry below the tail; −1 where none is on the topic
 */
record StartOfTail(
        LogTail tail,
        List<Bytes> keyEvents,
        OwnCheckpoints own,
        long liveFrom,
        long checkpointsEnd,
        long signedThrough) {
    private static final Logger LOG = LoggerFactory.getLogger(StartOfTail.class);

    static StartOfTail find(KafkaConnection kafka, int partition, LogFollower.Archived archived, InstantSource clock)
            throws StoreException {
        TopicPartition notes = new TopicPartition(Topics.CHECKPOINTS, partition);
        List<SignedNote> published = new ArrayList<>();
        long checkpointsEnd;
        try (TopicEnd end = TopicEnd.open(kafka, "terraseal-ingest-start", notes, clock)) {
            CheckpointNotes.last(end).forEach(each -> note(each).ifPresent(published::add));
            checkpointsEnd = end.end();
        }
        // Not sooner: a key event that the archiver covers between two reads in the other order would be in neither the
        // archive as it was read nor on the tail, and missing from every receipt.
        List<Bytes> keyEvents = archived.keyEvents().read();
        OwnCheckpoints own = new OwnCheckpoints(archived.log(), keyEvents, archived.checker());
        Optional<SignedNote> newest = largest(published, own);
        if (newest.isEmpty() && !published.isEmpty()) {
            LOG.warn(
                    "event=checkpoints-ignored topic={} records={} reason=\"no log key in force signed one of them\"",
                    Topics.CHECKPOINTS,
                    published.size());
        }
        TopicPartition entries = new TopicPartition(Topics.ATTESTATIONS, partition);
        try (TopicEnd end = TopicEnd.open(kafka, "terraseal-ingest-start", entries, clock)) {
            long covered = newest.map(StartOfTail::size).orElse(0L);
            // What was trimmed from the topic is in the archive, also where no newer checkpoint is left to say so.
            long from = Math.max(
                    covered,
                    end.oldestEntry()
                            .map(record -> EntryHeaders.sequence(record).value())
                            .orElse(0L));
            long liveFrom = end.offsetOf(new SequenceNumber(from)).orElse(end.end());
            Optional<ConsumerRecord<byte[], byte[]>> below =
                    from == 0 ? Optional.empty() : end.find(new SequenceNumber(from - 1));
            LogTail tail = new LogTail(from, from > 0 && !isHeads(from - 1, below, archived.entries()));
            newest.ifPresent(note -> tail.checkpoint(note, covered));
            long signedThrough =
                    below.map(record -> EntryHeaders.of(record).source()).orElse(-1L);
            return new StartOfTail(tail, keyEvents, own, liveFrom, checkpointsEnd, signedThrough);
        }
    }

    private static Optional<SignedNote> largest(List<SignedNote> published, OwnCheckpoints own) {
        Optional<Checkpoint> largest =
                own.largest(published.stream().map(SignedNote::bytes).toList());
        Optional<SignedNote> found = Optional.empty();
        for (SignedNote note : published) {
            // The last of that size: witnesses' lines come later.
            if (largest.isPresent()
                    && note.text().equals(largest.get().text())
                    && own.open(note.bytes()).isPresent()) {
                found = Optional.of(note);
            }
        }
        return found;
    }

    private static boolean isHeads(
            long sequence, Optional<ConsumerRecord<byte[], byte[]>> record, ArchivedEntries archive)
            throws StoreException {
        if (record.isPresent()) {
            return AttestationRecord.decode(record.get().value()).predicateType() == PredicateType.HEADS;
        }
        List<ArchivedEntries.Line> archived = archive.from(new SequenceNumber(sequence));
        return !archived.isEmpty()
                && Statement.parse(archived.get(0).statement()).type() == PredicateType.HEADS;
    }

    private static long size(SignedNote note) {
        try {
            return Checkpoint.parse(note.text()).size();
        } catch (NoteException impossible) {
            throw new IllegalStateException("a note that was opened is a checkpoint", impossible);
        }
    }

    /** Empty for what is no checkpoint. */
    private static Optional<SignedNote> note(Bytes bytes) {
        try {
            SignedNote note = SignedNote.parse(bytes);
            return Checkpoint.parse(note.text()).size() > 0 ? Optional.of(note) : Optional.empty();
        } catch (NoteException foreign) {
            return Optional.empty();
        }
    }
}
