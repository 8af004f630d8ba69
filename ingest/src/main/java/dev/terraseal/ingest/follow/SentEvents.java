package dev.terraseal.ingest.follow;

import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The newest events this process was told by Kafka it has, and at which offset. Whoever asks for one that is neither in the
 * log nor rejected since hears "not yet" instead of "never seen". Fewer than {@link RecentRejections} keeps; of those that
 * left, and of those others sent, {@link OpenEvents} says whether any is still on its way.
 */
public final class SentEvents {
    static final int MAX = 40_000;

    private record Key(StreamId stream, EventId id) {}

    private final Map<Key, Long> newest = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Long> eldest) {
            return size() > MAX;
        }
    };

    public synchronized void add(StreamId stream, EventId id, long offset) {
        Key key = new Key(stream, id);
        newest.remove(key);
        newest.put(key, offset);
    }

    /** Where on {@code terraseal.events} it was put last. */
    public synchronized OptionalLong offset(StreamId stream, EventId id) {
        Long offset = newest.get(new Key(stream, id));
        return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
    }
}
