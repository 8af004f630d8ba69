package dev.terraseal.keys.kms;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How fast calls to a key service may begin. There is no limit until it refuses a call for going too fast; from then on it
 * is what the service let through, 2 % more every fifth of a second without a refusal and 2 % less every one with a few.
 * What it let through in a bad moment is less than the quota, so the limit grows by 8 % until the next refusal. Calls that
 * are refused and wait cost more than calls that begin a little later: they come back together, and meanwhile the quota is
 * not used.
 *
 * <p>Safe for concurrent use.
 */
final class Pace {
    private static final long WINDOW_NANOS = Duration.ofMillis(200).toNanos();
    private static final double GROWTH = 1.02;
    private static final double GROWTH_AT_FIRST = 1.08;
    private static final double SHRINKING = 0.98;
    /** So that a service which refuses everything is still asked, five times a second. */
    private static final double LEAST = 5;

    private static final double UNLIMITED = Double.POSITIVE_INFINITY;
    /** A limit above this many a second limits nothing. */
    private static final double MOST = 1_000_000;

    private final LongSupplier nanos;
    private double perSecond = UNLIMITED;
    private long next;
    private long windowBegan;
    private int answered;
    private int refused;
    private double growth = GROWTH_AT_FIRST;

    /** @param nanos a clock that only goes forward, such as {@link System#nanoTime} */
    Pace(LongSupplier nanos) {
        this.nanos = nanos;
        this.next = nanos.getAsLong();
        this.windowBegan = next;
    }

    /** Takes the next place; the caller begins its call after this time. */
    synchronized Duration reserve() {
        long now = nanos.getAsLong();
        turn(now);
        if (perSecond == UNLIMITED) {
            return Duration.ZERO;
        }
        // What was not used is not saved up: a burst would be refused.
        next = Math.max(next, now) + (long) (1e9 / perSecond);
        return Duration.ofNanos(Math.max(0, next - now - (long) (1e9 / perSecond)));
    }

    /** A call was answered, with a signature or with a refusal that is not about the rate. */
    synchronized void answered() {
        answered++;
        turn(nanos.getAsLong());
    }

    /** A call was refused because there were too many. */
    synchronized void refused() {
        refused++;
        turn(nanos.getAsLong());
    }

    private void turn(long now) {
        long lasted = now - windowBegan;
        if (lasted < WINDOW_NANOS) {
            return;
        }
        if (refused > answered / 8 || refused > 0 && perSecond == UNLIMITED) {
            // Never more than before: a window in which late answers piled up says too much.
            perSecond = Math.max(LEAST, Math.min(perSecond, answered * 1e9 / lasted));
            growth = GROWTH_AT_FIRST;
        } else if (refused > 0) {
            // A few refusals say that the limit is passed by a little, whatever was answered late meanwhile.
            perSecond = Math.max(LEAST, perSecond * SHRINKING);
            growth = GROWTH;
        } else {
            perSecond = perSecond * growth > MOST ? UNLIMITED : perSecond * growth;
        }
        windowBegan = now;
        answered = 0;
        refused = 0;
    }
}
