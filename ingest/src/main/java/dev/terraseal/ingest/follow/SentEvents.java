package dev.terraseal.ingest.follow;

import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The newest events this process was told by Kafka it has. Whoever asks for one that is neither in the log nor rejected
 * hears "not yet" instead of "never seen". Fewer than {@link RecentRejections} keeps, so that no event waits for ever.
 */
public final class SentEvents {
    static final int MAX = 10_000;

    private record Key(StreamId stream, EventId id) {}

    private final Set<Key> newest = Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Boolean> eldest) {
            return size() > MAX;
        }
    });

    public synchronized void add(StreamId stream, EventId id) {
        newest.add(new Key(stream, id));
    }

    public synchronized boolean contains(StreamId stream, EventId id) {
        return newest.contains(new Key(stream, id));
    }
}
