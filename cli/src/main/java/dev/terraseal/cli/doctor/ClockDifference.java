package dev.terraseal.cli.doctor;

import java.time.Duration;
import java.time.Instant;

/**
 * How far this machine's clock is from another.
 *
 * @param ahead negative where it is behind
 * @param within how wrong that may be: half the time the answer took, and what the other clock rounds away
 */
record ClockDifference(Duration ahead, Duration within) {
    /** Beyond this, times in statements and the bounds of tokens no longer fit each other. */
    static final Duration MOST = Duration.ofSeconds(30);

    /** Of a clock that said {@code other}, cut off to {@code resolution}, between two readings of this one. */
    static ClockDifference of(Instant before, Instant other, Duration resolution, Instant after) {
        Duration least = Duration.between(other.plus(resolution), before);
        Duration most = Duration.between(other, after);
        return new ClockDifference(
                least.plus(most).dividedBy(2), most.minus(least).dividedBy(2));
    }

    /** Certainly too far, whatever the measurement is worth. */
    boolean isTooFar() {
        return ahead.abs().minus(within).compareTo(MOST) > 0;
    }

    void report(String of, Report report) {
        String what = "this machine's clock is " + ahead.abs().toMillis() + " ms "
                + (ahead.isNegative() ? "behind" : "ahead of") + " " + of + " (within " + within.toMillis()
                + " ms; up to " + MOST.toSeconds() + " s is well)";
        if (isTooFar()) {
            report.mend("clock", what + ": set the wrong one of the two (NTP)");
        } else {
            report.well("clock", what);
        }
    }
}
