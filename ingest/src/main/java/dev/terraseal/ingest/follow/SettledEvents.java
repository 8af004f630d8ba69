package dev.terraseal.ingest.follow;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Brings together who waits for a record of {@code terraseal.events} and what became of it, by the offset the sender's own
 * produce returned: exact, also when two equal events are in flight. What settled before anyone asked is kept for the
 * newest records only, which is long enough for the acknowledgement that is on its way.
 */
public final class SettledEvents {
    static final int RECENT_MAX = 65_536;
    static final int WAITERS_MAX = 10_000;

    private final Map<Long, Settled> recent = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Settled> eldest) {
            return size() > RECENT_MAX;
        }
    };
    private final Map<Long, CompletableFuture<Settled>> waiters = new LinkedHashMap<>();
    private long signedThrough = -1;

    /** The future of a record's fate, or null when as many wait as may. Give it back with {@link #forget}. */
    public synchronized @Nullable CompletableFuture<Settled> await(long sourceOffset) {
        Settled known = recent.get(sourceOffset);
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        if (waiters.size() >= WAITERS_MAX) {
            return null;
        }
        return waiters.computeIfAbsent(sourceOffset, offset -> new CompletableFuture<>());
    }

    /** The waiter has gone; its place is free. */
    public synchronized void forget(long sourceOffset) {
        waiters.remove(sourceOffset);
    }

    public void settle(long sourceOffset, Settled settled) {
        CompletableFuture<Settled> waiter;
        synchronized (this) {
            recent.put(sourceOffset, settled);
            if (settled instanceof Settled.Signed) {
                signedThrough = Math.max(signedThrough, sourceOffset);
            }
            waiter = waiters.remove(sourceOffset);
        }
        if (waiter != null) {
            waiter.complete(settled);
        }
    }

    /** Entries before following began came of events up to there. */
    synchronized void signedBefore(long sourceOffset) {
        signedThrough = Math.max(signedThrough, sourceOffset);
    }

    /** The newest event that became an entry; those before it are settled too, for the sequencer takes them in order. */
    public synchronized long signedThrough() {
        return signedThrough;
    }

    /** Whether it is known here what became of a record, or the log went beyond it. */
    public synchronized boolean isSettled(long sourceOffset) {
        return sourceOffset <= signedThrough || recent.containsKey(sourceOffset);
    }

    public synchronized int waiting() {
        return waiters.size();
    }
}
