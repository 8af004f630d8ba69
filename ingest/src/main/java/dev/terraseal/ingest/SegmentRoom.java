package dev.terraseal.ingest;

import dev.terraseal.store.StoreException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many segments of the archive are in memory at once. One has up to 8 MiB and takes several times that while it is
 * read; of requests there may be hundreds.
 */
final class SegmentRoom {
    static final int PLACES = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Semaphore places = new Semaphore(PLACES);

    /** Waits for a place; give it back with {@link #leave}. */
    void enter() throws StoreException {
        try {
            if (!places.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw StoreException.passing(
                        PLACES + " segments are being read and none was through within " + PATIENCE.toSeconds() + " s");
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw StoreException.passing("interrupted while waiting to read a segment", stopping);
        }
    }

    void leave() {
        places.release();
    }
}
