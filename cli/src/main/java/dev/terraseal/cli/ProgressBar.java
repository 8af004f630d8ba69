package dev.terraseal.cli;

import java.io.PrintWriter;

/** A line on a terminal that says how far something is; nothing at all anywhere else, and nothing in the first second. */
final class ProgressBar implements AutoCloseable {
    private static final int WIDTH = 30;
    private static final long QUIET_NANOS = 1_000_000_000L;
    private static final long STEP_NANOS = 100_000_000L;

    private final PrintWriter out;
    private final boolean terminal = System.console() != null;
    private final long begin = System.nanoTime();
    private long shown;
    private boolean drawn;

    ProgressBar(PrintWriter out) {
        this.out = out;
    }

    void at(String what, long done, long of) {
        long now = System.nanoTime();
        if (!terminal || now - begin < QUIET_NANOS || now - shown < STEP_NANOS) {
            return;
        }
        shown = now;
        drawn = true;
        int full = of <= 0 ? 0 : (int) Math.min(WIDTH, WIDTH * done / of);
        out.print("\r" + what + " [" + "#".repeat(full) + " ".repeat(WIDTH - full) + "] " + done + "/" + of + "  ");
        out.flush();
    }

    /** Takes the line away, before an answer is printed. */
    void clear() {
        if (drawn) {
            out.print("\r\u001b[K");
            out.flush();
            drawn = false;
        }
    }

    @Override
    public void close() {
        clear();
    }
}
