package dev.terraseal.ingest.follow;

import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.schemas.OutcomeRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The newest rejections by stream and id, for whoever asks what became of an event. Older ones are in {@code rejected}. */
public final class RecentRejections {
    static final int MAX = 50_000;

    private record Key(StreamId stream, EventId id) {}

    private final Map<Key, OutcomeRecord> newest = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, OutcomeRecord> eldest) {
            return size() > MAX;
        }
    };

    public synchronized void add(OutcomeRecord outcome) {
        if (outcome.stream() != null && outcome.id() != null) {
            Key key = new Key(outcome.stream(), outcome.id());
            // Away first: the same event rejected again is the newest, and put alone leaves it where it was.
            newest.remove(key);
            newest.put(key, outcome);
        }
    }

    public synchronized Optional<OutcomeRecord> find(StreamId stream, EventId id) {
        return Optional.ofNullable(newest.get(new Key(stream, id)));
    }
}
