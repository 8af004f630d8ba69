package dev.terraseal.keys.kms;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential back-off with full jitter: the n-th wait is uniform in 0 … min(most, first · 2ⁿ). Without jitter the calls
 * a quota refused together would come back together and be refused again.
 *
 * @param attempts calls in all, the first included
 */
public record Backoff(int attempts, Duration first, Duration most) {
    /** About 15 s of trying; whoever calls decides whether to go on after that. */
    public static Backoff standard() {
        return new Backoff(12, Duration.ofMillis(50), Duration.ofSeconds(3));
    }

    /** Waits; a test gives one that only remembers. */
    public interface Pause {
        void of(Duration time) throws InterruptedException;

        static Pause sleeping() {
            return time -> Thread.sleep(time.toMillis());
        }
    }

    /** The wait after failed attempt {@code failed}, counted from 0. */
    Duration after(int failed, RandomGenerator random) {
        long ceiling = first.toMillis() << Math.min(failed, 30);
        return Duration.ofMillis(random.nextLong(Math.min(ceiling, most.toMillis()) + 1));
    }
}
