package dev.terraseal.simulation;

import java.time.Instant;
import java.time.InstantSource;

/** Time that only ever passes because something took some, and a wall clock that jumps. */
public final class Time implements InstantSource {
    private long now;
    private long wall;

    Time(long wall) {
        this.wall = wall;
    }

    /** Milliseconds since the run began; never goes back. */
    public long now() {
        return now;
    }

    /** Milliseconds since 1970, as the clock on the wall has it. */
    public long wall() {
        return wall;
    }

    public void pass(long millis) {
        now += millis;
        wall += millis;
    }

    void jump(long millis) {
        wall += millis;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(wall);
    }
}
