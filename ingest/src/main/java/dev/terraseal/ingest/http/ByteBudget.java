package dev.terraseal.ingest.http;

import java.util.concurrent.Semaphore;

/**
 * How many bytes all requests together may hold at once. Counting requests alone bounds no memory: 256 of them may be a few
 * kilobytes or a gigabyte.
 */
public final class ByteBudget {
    private static final int UNIT = 1024;

    private final int units;
    private final Semaphore free;

    public ByteBudget(long bytes) {
        units = Math.toIntExact(bytes / UNIT);
        free = new Semaphore(units);
    }

    /** What one request holds. It begins with nothing and must be given back. */
    public Share share() {
        return new Share();
    }

    public long freeBytes() {
        return (long) free.availablePermits() * UNIT;
    }

    /** The part of one request; for one thread. */
    public final class Share implements AutoCloseable {
        private long bytes;
        private int taken;

        /** Takes more; false, and nothing is taken, where it is not there just now. */
        public boolean grow(long more) {
            long needed = (bytes + more + UNIT - 1) / UNIT;
            if (needed > units || !free.tryAcquire((int) needed - taken)) {
                return false;
            }
            bytes += more;
            taken = (int) needed;
            return true;
        }

        /** Gives all of it back; more than once is fine. */
        @Override
        public void close() {
            free.release(taken);
            taken = 0;
            bytes = 0;
        }
    }
}
