package dev.terraseal.sequencer;

import dev.terraseal.kafka.KafkaUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionAbortableException;

/**
 * Tells a Kafka that did not answer in time (a stalled disk, a laptop that slept, a network that was cut) from what will
 * not pass. After the former the sequencer goes on by itself; where that does not help, it stops like after anything else.
 */
final class Stalls {
    /** More than this within {@link #WITHIN} is not passing. */
    static final int MOST = 5;

    static final Duration WITHIN = Duration.ofMinutes(10);

    /**
     * How the message begins when every batch in flight to a partition has expired. Kafka's producer gives this error no
     * class of its own (TransactionManager.maybeResolveSequences), and it may replace the TimeoutException before it.
     */
    static final String EXPIRED_UNACKNOWLEDGED = "The client hasn't received acknowledgment";

    private final InstantSource clock;
    private final Deque<Instant> seen = new ArrayDeque<>();

    Stalls(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether {@code thrown} came of a Kafka that was late, and not too often lately. Each one that was counts. */
    synchronized boolean another(Throwable thrown) {
        if (!late(thrown)) {
            return false;
        }
        Instant now = clock.instant();
        while (!seen.isEmpty() && seen.peekFirst().isBefore(now.minus(WITHIN))) {
            seen.removeFirst();
        }
        seen.addLast(now);
        return seen.size() <= MOST;
    }

    private static boolean late(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            // InvalidTxnState: the coordinator gave the transaction up while it was late, and the commit comes after
            // that.
            if (each instanceof KafkaUnavailableException
                    || each instanceof RetriableException
                    || each instanceof TransactionAbortableException
                    || each instanceof InvalidTxnStateException
                    || expiredUnacknowledged(each)) {
                return true;
            }
        }
        return false;
    }

    private static boolean expiredUnacknowledged(Throwable thrown) {
        return thrown instanceof KafkaException
                && thrown.getMessage() != null
                && thrown.getMessage().startsWith(EXPIRED_UNACKNOWLEDGED);
    }
}
