package dev.terraseal.bench.pipeline;

/**
 * What came under checkpoints in a span of an even pace, beside what was offered. A median of the seconds would hide a
 * stack that stands still in every third of them, and a backlog that grows; what was accepted, one that takes less.
 *
 * @param accepted events a second in the span
 * @param covered events a second that came under a checkpoint in the span, whenever they were accepted
 * @param behindAtBegin events that were due and under no checkpoint yet when the span began
 * @param behindAtEnd the same when it ended
 */
record Sustained(int offered, double accepted, double covered, long behindAtBegin, long behindAtEnd) {
    /**
     * Checkpoints come a quarter of a second and their writing apart, and either end of the span falls anywhere between
     * two: a backlog that is larger by what comes in half a second did not grow.
     */
    private static final double BETWEEN_CHECKPOINTS_SECONDS = 0.5;

    /** Of the load's events, offered at {@code perSecond}, in the time {@code [begin, end)}. */
    static Sustained of(Times times, Load.Sent sent, int perSecond, long begin, long end) {
        long accepted = 0;
        long coveredBefore = 0;
        long coveredIn = 0;
        for (long offset = sent.from(); offset < sent.to(); offset++) {
            if (times.isOfTheLoad(offset)) {
                long acceptedAt = times.acceptedAt(offset);
                long coveredAt = times.coveredAt(offset);
                accepted += acceptedAt >= begin && acceptedAt < end ? 1 : 0;
                boolean never = coveredAt == 0;
                coveredBefore += !never && coveredAt < begin ? 1 : 0;
                coveredIn += !never && coveredAt >= begin && coveredAt < end ? 1 : 0;
            }
        }
        double seconds = (end - begin) / 1e9;
        long dueBefore = (begin - sent.begunNanos()) * perSecond / 1_000_000_000L;
        long dueIn = (end - begin) * perSecond / 1_000_000_000L;
        return new Sustained(
                perSecond,
                accepted / seconds,
                coveredIn / seconds,
                dueBefore - coveredBefore,
                dueBefore + dueIn - coveredBefore - coveredIn);
    }

    /** Whether the stack kept up. */
    boolean holds() {
        return behindAtEnd - behindAtBegin <= offered * BETWEEN_CHECKPOINTS_SECONDS;
    }

    /** The verdict, with what it rests on. */
    String words() {
        return String.format(
                "%s; due and under no checkpoint yet: %,d events at the begin, %,d at the end",
                holds() ? "sustained" : "not sustained", behindAtBegin, behindAtEnd);
    }
}
