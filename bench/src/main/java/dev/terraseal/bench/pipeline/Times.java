package dev.terraseal.bench.pipeline;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;

/** When each event was accepted by the broker, came out signed, and was covered by a checkpoint, by its offset. */
final class Times {
    private final AtomicLongArray accepted;
    private final AtomicLongArray attested;
    private final AtomicLongArray sequences;
    private final TreeMap<Long, Long> checkpoints = new TreeMap<>();

    Times(int offsets) {
        this.accepted = new AtomicLongArray(offsets);
        this.attested = new AtomicLongArray(offsets);
        this.sequences = new AtomicLongArray(offsets);
    }

    void accepted(long offset, long nanos) {
        accepted.set((int) offset, nanos);
    }

    void attested(long offset, long sequence, long nanos) {
        if (offset < attested.length()) {
            sequences.set((int) offset, sequence);
            attested.set((int) offset, nanos);
        }
    }

    synchronized void checkpoint(long size, long nanos) {
        checkpoints.putIfAbsent(size, nanos);
        notifyAll();
    }

    /** Whether the load sent the event at this offset: the stack sends some of its own, for the heads of its streams. */
    boolean isOfTheLoad(long offset) {
        return acceptedAt(offset) != 0;
    }

    long acceptedAt(long offset) {
        return accepted.get((int) offset);
    }

    /** 0 while it is not signed. */
    long attestedAt(long offset) {
        return attested.get((int) offset);
    }

    /** 0 while no checkpoint covers it. */
    synchronized long coveredAt(long offset) {
        if (attestedAt(offset) == 0) {
            return 0;
        }
        Map.Entry<Long, Long> first = checkpoints.higherEntry(sequences.get((int) offset));
        return first == null ? 0 : first.getValue();
    }

    synchronized void awaitCovered(long offset, long deadlineNanos) throws InterruptedException {
        while (coveredAt(offset) == 0) {
            if (System.nanoTime() > deadlineNanos) {
                throw new IllegalStateException("no checkpoint came to cover event " + offset);
            }
            wait(100);
        }
    }

    /** Milliseconds from accept to signed, or to covered, of the load's events in {@code [from, to)}, ascending. */
    double[] millis(long from, long to, boolean covered) {
        return LongStream.range(from, to)
                .filter(this::isOfTheLoad)
                .mapToDouble(offset -> ((covered ? coveredAt(offset) : attestedAt(offset)) - acceptedAt(offset)) / 1e6)
                .sorted()
                .toArray();
    }

    static double quantile(double[] ascending, double share) {
        return ascending[(int) Math.min(ascending.length - 1L, Math.round(share * (ascending.length - 1)))];
    }
}
