package dev.terraseal.archiver.witness;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When one witness is asked next, and about what. It is asked about the newest checkpoint only, not again before an
 * interval has passed, and about the same one once it is time to say that nothing happened. Knows no clock.
 */
final class WitnessRound {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Duration interval;
    private final Duration heartbeat;
    private Instant notBefore = Instant.MIN;
    private Duration pause = FIRST_PAUSE;
    private long cosignedSize = -1;
    private Instant cosigned = Instant.MIN;
    private @Nullable String trouble;

    /** @param heartbeat no cosignature is to be older than this; it is asked for when half of it has passed */
    WitnessRound(Duration interval, Duration heartbeat) {
        this.interval = interval;
        this.heartbeat = heartbeat;
    }

    /** How long from {@code now} until the witness is to be asked about a checkpoint of {@code size}; zero is now. */
    Duration until(long size, Instant now) {
        Instant due = size > cosignedSize ? notBefore : later(notBefore, cosigned.plus(heartbeat.dividedBy(2)));
        // A clock that was set back must not keep the log from being witnessed.
        boolean setBack = cosigned.isAfter(now.plus(heartbeat));
        return setBack || !now.isBefore(due) ? Duration.ZERO : Duration.between(now, due);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    void cosigned(long size, Instant now) {
        cosignedSize = size;
        cosigned = now;
        notBefore = now.plus(interval);
        pause = FIRST_PAUSE;
        trouble = null;
    }

    /** Pauses grow; a witness that refuses is asked again too, for whoever runs it may mend it. */
    void failed(WitnessException failure, Instant now) {
        Duration next = failure.isRefusal() ? LONGEST_PAUSE : pause;
        notBefore = now.plus(next);
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
        trouble = failure.getMessage();
    }

    /** The size the witness cosigned last in this process, −1 if it has not. */
    long cosignedSize() {
        return cosignedSize;
    }

    /** Why the newest request failed; null if it did not. */
    @Nullable String trouble() {
        return trouble;
    }
}
