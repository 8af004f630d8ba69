package dev.terraseal.signer;

import java.util.concurrent.TimeUnit;

/**
 * Tells the signer's thread that there may be something to do, wherever it waits: for entries or for anything else. A ring
 * is kept until the thread listens, so none is lost between looking and waiting.
 */
final class Bell {
    private final Runnable wakeReader;
    private boolean rung;
    private boolean reading;

    /** @param wakeReader makes a running read return, or else the next one */
    Bell(Runnable wakeReader) {
        this.wakeReader = wakeReader;
    }

    /** From any thread. */
    void ring() {
        boolean wake;
        synchronized (this) {
            rung = true;
            wake = reading;
            reading = false;
            notifyAll();
        }
        if (wake) {
            wakeReader.run();
        }
    }

    /** What rang before is about to be looked at. */
    synchronized void hush() {
        rung = false;
    }

    /** Waits until it rings, at most so long; not at all if it has rung. False if it was interrupted, and still is. */
    synchronized boolean await(long millis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            for (long left = millis; left > 0 && !rung; ) {
                wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            }
            return true;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A read begins, which ringing ends. False if it has rung: then nothing may be waited for. */
    synchronized boolean beginReading() {
        reading = true;
        return !rung;
    }

    synchronized void endReading() {
        reading = false;
    }
}
