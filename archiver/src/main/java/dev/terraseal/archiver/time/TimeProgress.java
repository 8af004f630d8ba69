package dev.terraseal.archiver.time;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** How far time stamps are, for metrics. Safe for concurrent use. */
public final class TimeProgress {
    private final AtomicLong stamped = new AtomicLong(-1);
    private final AtomicLong skew = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicReference<@Nullable String> lastFailure = new AtomicReference<>();

    /** The size of the newest checkpoint with a token, −1 if none is known. */
    public long stampedSize() {
        return stamped.get();
    }

    /** How many milliseconds the clock here is ahead of that of the authority that answered last. */
    public long skewMillis() {
        return skew.get();
    }

    /** Questions that got no token. */
    public long failures() {
        return failures.get();
    }

    /** Why the last question got no token; null while all do. */
    public @Nullable String lastFailure() {
        return lastFailure.get();
    }

    void stamped(long size) {
        stamped.accumulateAndGet(size, Math::max);
    }

    void answered(Duration ahead) {
        skew.set(ahead.toMillis());
        lastFailure.set(null);
    }

    void failed(String reason) {
        failures.incrementAndGet();
        lastFailure.set(reason);
    }
}
