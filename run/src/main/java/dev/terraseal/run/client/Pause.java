package dev.terraseal.run.client;

import java.time.Duration;

/** Lets time pass between two attempts. */
public interface Pause {
    void of(Duration duration) throws InterruptedException;

    /** The real one. */
    static Pause sleeping() {
        return duration -> Thread.sleep(duration.toMillis());
    }
}
