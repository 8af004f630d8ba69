package dev.terraseal.run.client;

import java.util.HashSet;
import java.util.Set;

/**
 * Waiting that somebody else may end. Only waiting: a thread that is interrupted while it writes to disk could not end
 * the write, and what is on disk has to be told truly.
 */
public final class Waiting {
    private final Set<Thread> waiting = new HashSet<>();
    private boolean stopped;

    /** Every wait under way, and every later one, ends with an {@link InterruptedException}. */
    public synchronized void stop() {
        stopped = true;
        waiting.forEach(Thread::interrupt);
    }

    /** Before a wait; {@link #end} follows in any case. */
    synchronized void begin() throws InterruptedException {
        if (stopped) {
            throw new InterruptedException("told to stop");
        }
        waiting.add(Thread.currentThread());
    }

    /** What this thread does next is not to be interrupted any more. */
    synchronized void end() {
        waiting.remove(Thread.currentThread());
        if (stopped) {
            Thread.interrupted();
        }
    }

    /** {@code pause}, ended by {@link #stop}. */
    public Pause stoppable(Pause pause) {
        return duration -> {
            begin();
            try {
                pause.of(duration);
            } finally {
                end();
            }
        };
    }
}
