package dev.terraseal.signer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicEnd;
import dev.terraseal.kafka.Topics;
import dev.terraseal.signer.check.Floor;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The largest checkpoint among those the archiver published last: what it covers is signed and archived, whatever else was
 * lost. Not the newest record alone: who may write there can put anything behind it, also a true note of long ago.
 */
final class CheckpointFloor {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointFloor.class);
    /** Hours of checkpoints, and a few fetches. */
    private static final int LAST = 10_000;

    private CheckpointFloor() {}

    static Optional<Floor> read(
            KafkaConnection connection, int partition, KeyRing keys, SignatureChecker checker, InstantSource clock) {
        TopicPartition checkpoints = new TopicPartition(Topics.CHECKPOINTS, partition);
        try (TopicEnd end =
                TopicEnd.open(connection, "terraseal-signer-" + keys.log().origin() + "-floor", checkpoints, clock)) {
            List<ConsumerRecord<byte[], byte[]>> records = end.last(LAST);
            Optional<Checkpoint> largest = largest(records, keys, checker);
            if (largest.isEmpty() && !records.isEmpty()) {
                LOG.warn(
                        "event=checkpoints_ignored topic={} partition={} records={} reason=\"no log key in force signed one of them\"",
                        checkpoints.topic(),
                        checkpoints.partition(),
                        records.size());
            }
            return largest.map(found ->
                    new Floor.ByRoot(found.size(), found.root(), "the newest checkpoint on terraseal.checkpoints"));
        }
    }

    /** A note no log key of this log signed is no floor: else anyone who may write there could stop the signer. */
    private static Optional<Checkpoint> largest(
            List<ConsumerRecord<byte[], byte[]>> records, KeyRing keys, SignatureChecker checker) {
        TreeMap<Long, Set<Bytes>> bySize = new TreeMap<>(Comparator.reverseOrder());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                if (record.value() != null) {
                    Bytes note = Bytes.copyOf(record.value());
                    long size = Checkpoint.parse(SignedNote.parse(note).text()).size();
                    bySize.computeIfAbsent(size, first -> new LinkedHashSet<>()).add(note);
                }
            } catch (NoteException foreign) {
                // No note at all is no floor either.
            }
        }
        return bySize.entrySet().stream()
                .flatMap(each ->
                        each.getValue().stream().flatMap(note -> open(note, each.getKey(), keys, checker).stream()))
                .findFirst();
    }

    private static Optional<Checkpoint> open(Bytes bytes, long size, KeyRing keys, SignatureChecker checker) {
        SequenceNumber index = new SequenceNumber(Math.max(0, size - 1));
        for (DeclaredKey key : keys.checkpointKeys(Algorithm.ED25519_SHA_512, index)) {
            try {
                return Optional.of(Checkpoint.open(
                        SignedNote.parse(bytes), VerifierKey.ofLog(keys.log().origin(), key), checker));
            } catch (NoteException | UncheckableException notOurs) {
                // The next key may fit; a note that fits none is no floor.
            }
        }
        return Optional.empty();
    }
}
