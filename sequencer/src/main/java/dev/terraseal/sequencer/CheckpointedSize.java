package dev.terraseal.sequencer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogCheckpoints;
import dev.terraseal.core.log.LogDeclaration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The size the log is known to have had by its checkpoints in Kafka. A note no log key of this log signed says nothing:
 * else anyone who may write there could stop the sequencer, or have good topics thrown away.
 */
final class CheckpointedSize {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointedSize.class);

    private final List<LogDeclaration> logs;
    private final SignatureChecker checker;

    /** @param logs of all partitions, to tell notes of another log from what is none */
    CheckpointedSize(List<LogDeclaration> logs, SignatureChecker checker) {
        this.logs = logs;
        this.checker = checker;
    }

    /**
     * The largest among {@code notes}; 0 where none is the log's.
     *
     * @param keys as far as they are known: a checkpoint under a key that a later entry brought is one nothing is known of
     */
    long of(List<Bytes> notes, KeyRing keys, int partition) {
        Optional<Checkpoint> largest = largest(notes, keys);
        if (largest.isEmpty() && !notes.isEmpty()) {
            requireNoOther(notes, keys.log(), partition);
            LOG.warn(
                    "event=checkpoints-ignored log={} partition={} records={} reason=\"no log key known to be in force signed one of them\"",
                    keys.log().origin(),
                    partition,
                    notes.size());
        }
        return largest.map(Checkpoint::size).orElse(0L);
    }

    /** Where nothing there is this log's and something another's, their order in the configuration is wrong. */
    private void requireNoOther(List<Bytes> notes, LogDeclaration own, int partition) {
        for (LogDeclaration other : logs) {
            if (!other.genesis().equals(own.genesis())
                    && largest(notes, KeyRing.of(other)).isPresent()) {
                throw new SequencerStoppedException(
                        "partition " + partition + " of terraseal.checkpoints belongs to log " + other.origin()
                                + ", but log " + own.origin()
                                + " is configured for it: put log.files in the order of the partitions",
                        null);
            }
        }
    }

    private Optional<Checkpoint> largest(List<Bytes> notes, KeyRing keys) {
        try {
            return new LogCheckpoints(keys, checker).largest(notes);
        } catch (UncheckableException missing) {
            throw new SequencerStoppedException(
                    "checkpoints cannot be checked here, so it is not known how long the log was: "
                            + missing.getMessage(),
                    missing);
        }
    }
}
