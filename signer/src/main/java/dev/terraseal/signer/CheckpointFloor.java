package dev.terraseal.signer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogCheckpoints;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicEnd;
import dev.terraseal.kafka.Topics;
import dev.terraseal.signer.check.Floor;
import dev.terraseal.signer.check.RefusedEntryException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
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
            KafkaConnection connection, int partition, KeyRing keys, SignatureChecker checker, InstantSource clock)
            throws RefusedEntryException {
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
            List<ConsumerRecord<byte[], byte[]>> records, KeyRing keys, SignatureChecker checker)
            throws RefusedEntryException {
        List<Bytes> notes = records.stream()
                .filter(record -> record.value() != null)
                .map(record -> Bytes.copyOf(record.value()))
                .toList();
        try {
            return new LogCheckpoints(keys, checker).largest(notes);
        } catch (UncheckableException missing) {
            throw new RefusedEntryException(
                    "checkpoints cannot be checked here, so it is not known what was signed: " + missing.getMessage());
        }
    }
}
