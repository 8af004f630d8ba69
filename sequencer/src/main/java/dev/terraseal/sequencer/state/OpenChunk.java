package dev.terraseal.sequencer.state;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.index.Fingerprint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The entries accepted since the last chunk was written: at most {@link Chunk#ENTRIES}. */
final class OpenChunk {
    private final List<Fingerprint> fingerprints = new ArrayList<>(Chunk.ENTRIES);
    private final Map<StreamId, StreamHead> heads = new LinkedHashMap<>();
    private final List<Chunk.KeyChange> keyChanges = new ArrayList<>();
    private long first;

    OpenChunk(long first) {
        this.first = first;
    }

    void add(Fingerprint fingerprint, StreamId stream, StreamHead head) {
        fingerprints.add(fingerprint);
        heads.put(stream, head);
    }

    void addKeyChange(long sequence, Bytes body) {
        keyChanges.add(new Chunk.KeyChange(sequence, body));
    }

    boolean isFull() {
        return fingerprints.size() == Chunk.ENTRIES;
    }

    /** The chunk, and an empty one begun after it. */
    Chunk close(Digest newest, long nextSource, TopicIds topics) {
        Chunk chunk = new Chunk(first, nextSource, newest, topics, fingerprints, heads, keyChanges);
        first += fingerprints.size();
        fingerprints.clear();
        heads.clear();
        keyChanges.clear();
        return chunk;
    }
}
