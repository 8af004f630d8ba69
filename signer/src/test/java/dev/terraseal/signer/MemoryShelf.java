package dev.terraseal.signer;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.store.StoreException;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Batches in memory, each name once; a call can fail before or after it took effect. */
final class MemoryShelf implements BatchShelf {
    private final Map<Long, Envelope> kept = new TreeMap<>();
    private MemoryTopics.Failure next = MemoryTopics.Failure.NONE;
    private int calls;

    synchronized void failNext(MemoryTopics.Failure failure) {
        next = failure;
    }

    synchronized Map<Long, Envelope> kept() {
        return new TreeMap<>(kept);
    }

    synchronized int calls() {
        return calls;
    }

    @Override
    public synchronized Envelope keep(SequenceNumber first, Envelope made, KeyRing keys) throws StoreException {
        calls++;
        MemoryTopics.Failure failure = next;
        next = MemoryTopics.Failure.NONE;
        if (failure != MemoryTopics.Failure.LOST) {
            kept.putIfAbsent(first.value(), made);
        }
        if (failure != MemoryTopics.Failure.NONE) {
            throw StoreException.passing("keep " + failure, new IOException("test"));
        }
        return kept.get(first.value());
    }
}
