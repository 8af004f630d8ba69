package dev.terraseal.signer;

import dev.terraseal.signer.AttestationOutput.FencedException;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Tells a signer that was fenced by another one from one that Kafka fenced because its transaction took too long: a laptop
 * that slept, a disk that stood still. The latter may take over once more, as a new process would. Being wrong about it costs
 * no evidence: whoever takes over reads what is signed first, and the other one is fenced then. One thread.
 */
final class OwnTimeouts {
    /** Fenced again so soon, it is not alone: two that take over from each other must not go on for ever. */
    static final Duration SOON = Duration.ofMinutes(1);

    private final InstantSource clock;
    private @Nullable Moment last;

    OwnTimeouts(InstantSource clock) {
        this.clock = clock;
    }

    boolean another(FencedException fenced) {
        boolean soon = last != null && last.ago(clock).compareTo(SOON) < 0;
        if (!fenced.overdue() || soon) {
            return false;
        }
        last = Moment.now(clock);
        return true;
    }
}
