package dev.terraseal.archiver;

import java.time.Duration;
import java.time.Instant;

/**
 * When the next segment and checkpoint are due: an interval after the last ones were begun. Where writing them takes most
 * of it, a quarter of the interval remains for what came meanwhile, or a slow store would leave no time to read. One thread.
 */
final class CheckpointPace {
    private final Duration interval;
    private Instant begun = Instant.MIN;
    private Instant ended = Instant.MIN;
    /** The first entry after a start is archived at once. */
    private Instant due = Instant.MIN;

    CheckpointPace(Duration interval) {
        this.interval = interval;
    }

    void begin(Instant now) {
        begun = now;
    }

    void end(Instant now) {
        ended = now;
        Instant atLeast = now.plus(interval.dividedBy(4));
        // Set back meanwhile, the clock has yet to come to where it was.
        Instant next = (begun.isAfter(now) ? now : begun).plus(interval);
        due = next.isAfter(atLeast) ? next : atLeast;
    }

    /** A clock that was set back must not hold checkpoints up until it is again where it was. */
    boolean isDue(Instant now) {
        return now.isBefore(ended) || !now.isBefore(due);
    }

    /** Zero where it is due. */
    Duration untilDue(Instant now) {
        return isDue(now) ? Duration.ZERO : Duration.between(now, due);
    }
}
