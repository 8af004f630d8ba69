package dev.terraseal.cli.up;

import java.lang.management.ManagementFactory;

/** How long each part of a start took, for one line of the log: a restart stands still for the sum of them. */
final class StartPhases {
    private final StringBuilder text = new StringBuilder();
    private final long began = ManagementFactory.getRuntimeMXBean().getStartTime();
    private long last = System.currentTimeMillis();

    StartPhases() {
        add("java", last - began);
    }

    /** What was done since the last call, or since the beginning. */
    void done(String phase) {
        long now = System.currentTimeMillis();
        add(phase, now - last);
        last = now;
    }

    private void add(String phase, long millis) {
        text.append(phase).append("_ms=").append(millis).append(' ');
    }

    @Override
    public String toString() {
        return text + "total_ms=" + (last - began);
    }
}
