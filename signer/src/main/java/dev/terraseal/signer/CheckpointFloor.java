package dev.terraseal.signer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogCheckpoints;
import dev.terraseal.kafka.CheckpointNotes;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicEnd;
import dev.terraseal.kafka.Topics;
import dev.terraseal.signer.check.Floor;
import dev.terraseal.signer.check.RefusedEntryException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The largest checkpoint among those the archiver published last: what it covers is signed and archived, whatever else was
 * lost.
 */
final class CheckpointFloor {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointFloor.class);

    private CheckpointFloor() {}

    static Optional<Floor> read(
            KafkaConnection connection, int partition, KeyRing keys, SignatureChecker checker, InstantSource clock)
            throws RefusedEntryException {
        TopicPartition checkpoints = new TopicPartition(Topics.CHECKPOINTS, partition);
        try (TopicEnd end =
                TopicEnd.open(connection, "terraseal-signer-" + keys.log().origin() + "-floor", checkpoints, clock)) {
            List<Bytes> notes = CheckpointNotes.last(end);
            Optional<Checkpoint> largest = largest(notes, keys, checker);
            if (largest.isEmpty() && !notes.isEmpty()) {
                LOG.warn(
                        "event=checkpoints-ignored topic={} partition={} records={} reason=\"no log key in force signed one of them\"",
                        checkpoints.topic(),
                        checkpoints.partition(),
                        notes.size());
            }
            return largest.map(found ->
                    new Floor.ByRoot(found.size(), found.root(), "the newest checkpoint on terraseal.checkpoints"));
        }
    }

    /** A note no log key of this log signed is no floor: else anyone who may write there could stop the signer. */
    private static Optional<Checkpoint> largest(List<Bytes> notes, KeyRing keys, SignatureChecker checker)
            throws RefusedEntryException {
        try {
            return new LogCheckpoints(keys, checker).largest(notes);
        } catch (UncheckableException missing) {
            throw new RefusedEntryException(
                    "checkpoints cannot be checked here, so it is not known what was signed: " + missing.getMessage());
        }
    }
}
