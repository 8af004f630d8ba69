package dev.terraseal.signer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A moment by two clocks, for a question that is answered on another machine: the one that only goes forward stands still while
 * this machine sleeps, and the one on the wall may be set back.
 */
record Moment(Instant wall, long nanos) {
    static Moment now(InstantSource clock) {
        return new Moment(clock.instant(), System.nanoTime());
    }

    /** How long ago it is, by the clock that says more. */
    Duration ago(InstantSource clock) {
        Duration wallElapsed = Duration.between(wall, clock.instant());
        Duration elapsed = Duration.ofNanos(System.nanoTime() - nanos);
        return wallElapsed.compareTo(elapsed) > 0 ? wallElapsed : elapsed;
    }
}
