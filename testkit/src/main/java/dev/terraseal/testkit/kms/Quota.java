package dev.terraseal.testkit.kms;

import java.util.function.LongSupplier;

/**
 * A request quota: so many calls a second, refilled evenly, at most one second's worth at once. "Throttling AWS KMS
 * requests" (Developer Guide): requests over the quota of the second are refused.
 */
final class Quota {
    private final LongSupplier nanos;
    private double perSecond = Double.POSITIVE_INFINITY;
    private double left;
    private long refilled;

    Quota(LongSupplier nanos) {
        this.nanos = nanos;
    }

    synchronized void perSecond(double calls) {
        perSecond = calls;
        left = calls;
        refilled = nanos.getAsLong();
    }

    synchronized boolean take() {
        if (Double.isInfinite(perSecond)) {
            return true;
        }
        long now = nanos.getAsLong();
        left = Math.min(perSecond, left + (now - refilled) / 1e9 * perSecond);
        refilled = now;
        if (left < 1) {
            return false;
        }
        left -= 1;
        return true;
    }
}
