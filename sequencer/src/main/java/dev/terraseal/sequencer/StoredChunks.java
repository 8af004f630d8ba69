package dev.terraseal.sequencer;

import dev.terraseal.sequencer.state.Chunk;
import dev.terraseal.sequencer.state.ChunkCodec;
import dev.terraseal.sequencer.state.LogState;
import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The chunks the state store holds when a log is taken up. */
final class StoredChunks {
    private StoredChunks() {}

    /**
     * All keys of a store that another version wrote; none of one that is ours or empty. The first chunk tells: a change of
     * version deletes every old one, the first of them first, before it writes one.
     */
    static Queue<byte[]> outdated(KeyValueStore<byte[], byte[]> store) {
        Queue<byte[]> keys = new ArrayDeque<>();
        try (KeyValueIterator<byte[], byte[]> chunks = store.all()) {
            while (chunks.hasNext()) {
                KeyValue<byte[], byte[]> next = chunks.next();
                if (keys.isEmpty() && ChunkCodec.isOfThisVersion(next.value)) {
                    return keys;
                }
                keys.add(next.key);
            }
        }
        return keys;
    }

    /** The newest chunk that was taken: of those that end at or below {@code size}. */
    static @Nullable Chunk restore(KeyValueStore<byte[], byte[]> store, LogState state, long size) {
        Chunk newest = null;
        try (KeyValueIterator<byte[], byte[]> chunks = store.all()) {
            while (chunks.hasNext()) {
                KeyValue<byte[], byte[]> next = chunks.next();
                Chunk chunk = ChunkCodec.decode(next.value);
                if (chunk.next() > size) {
                    break;
                }
                newest = chunk;
                state.restore(newest);
            }
        }
        return newest;
    }
}
