package dev.terraseal.sequencer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.TaskId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What failed where, remembered beyond the processor, which is initialised again after each abort. Once may be a passing
 * trouble: the transaction is aborted and the event taken again. The same event twice is not: going round it would skip
 * an acknowledged event, so the sequencer stops.
 */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private final Map<Integer, Long> failed = new ConcurrentHashMap<>();

    /** What to throw for {@code cause} at {@code offset}. */
    RuntimeException failed(TaskId task, long offset, Throwable cause) {
        Long before = failed.put(task.partition(), offset);
        if (before != null && before == offset) {
            return new SequencerStoppedException(
                    "event " + offset + " of partition " + task.partition() + " failed twice: " + cause
                            + ". Nothing was lost; the log stands before it. Keep the record and report this",
                    cause);
        }
        LOG.warn("action=retry partition={} offset={} reason=\"{}\"", task.partition(), offset, cause.toString());
        return again(task);
    }

    /** Streams aborts the transaction, initialises the task again and goes on after the last commit. */
    static TaskCorruptedException again(TaskId task) {
        return new TaskCorruptedException(java.util.Set.of(task));
    }
}
