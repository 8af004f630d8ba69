package dev.terraseal.store;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a log promised to keep what it archives: {@code retentionDays} of log.json, from when each object was written.
 * The date of a lock is decided before a write, by another clock than the store's, so a day (a tenth, of short retentions)
 * is allowed for; who repeats a write moves its date.
 */
public record RetentionPolicy(Duration retention) {
    private static final Duration TOLERANCE_MAX = Duration.ofDays(1);

    private Duration tenth() {
        return retention.dividedBy(10);
    }

    /** Until when an object written at {@code written} has to be locked, at the least. */
    public Instant atLeast(Instant written) {
        Duration tolerance = tenth().compareTo(TOLERANCE_MAX) < 0 ? tenth() : TOLERANCE_MAX;
        return written.plus(retention).minus(tolerance);
    }

    /** Until when one written at {@code written} is to be locked. */
    public Instant until(Instant written) {
        return written.plus(retention);
    }

    /**
     * Whether what newer proofs need is due to be locked longer: a tenth of the retention before the lock of the newest
     * object ends. Each extension then lasts for a tenth, and costs one call an object.
     */
    public boolean isDue(Instant lockedUntil, Instant newestWritten) {
        return lockedUntil.isBefore(until(newestWritten).minus(tenth()));
    }
}
