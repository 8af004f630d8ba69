package dev.terraseal.bench.pipeline;

/**
 * What came under checkpoints in a span of an even pace, beside what was accepted in it. A median of the seconds would
 * hide a stack that stands still in every third of them, and a backlog that grows.
 *
 * @param accepted events a second in the span
 * @param covered events a second that came under a checkpoint in the span, whenever they were accepted
 * @param behindAtBegin events accepted and under no checkpoint yet when the span began
 * @param behindAtEnd the same when it ended
 */
record Sustained(double accepted, double covered, long behindAtBegin, long behindAtEnd) {
    /**
     * Checkpoints come a quarter of a second and their writing apart, and either end of the span falls anywhere between
     * two: a backlog that is larger by what comes in half a second did not grow.
     */
    private static final double BETWEEN_CHECKPOINTS_SECONDS = 0.5;

    /** Of the load's events at {@code [from, to)}, in the time {@code [begin, end)}. */
    static Sustained of(Times times, long from, long to, long begin, long end) {
        long accepted = 0;
        long covered = 0;
        long behindAtBegin = 0;
        long behindAtEnd = 0;
        for (long offset = from; offset < to; offset++) {
            if (times.isOfTheLoad(offset)) {
                long acceptedAt = times.acceptedAt(offset);
                long coveredAt = times.coveredAt(offset);
                boolean never = coveredAt == 0;
                accepted += acceptedAt >= begin && acceptedAt < end ? 1 : 0;
                covered += !never && coveredAt >= begin && coveredAt < end ? 1 : 0;
                behindAtBegin += acceptedAt < begin && (never || coveredAt >= begin) ? 1 : 0;
                behindAtEnd += acceptedAt < end && (never || coveredAt >= end) ? 1 : 0;
            }
        }
        double seconds = (end - begin) / 1e9;
        return new Sustained(accepted / seconds, covered / seconds, behindAtBegin, behindAtEnd);
    }

    /** Whether the stack kept up. */
    boolean holds() {
        return behindAtEnd - behindAtBegin <= accepted * BETWEEN_CHECKPOINTS_SECONDS;
    }

    /** The verdict, with what it rests on. */
    String words() {
        return String.format(
                "%s; under no checkpoint yet: %,d events at the begin, %,d at the end",
                holds() ? "sustained" : "not sustained", behindAtBegin, behindAtEnd);
    }
}
