package dev.terraseal.sequencer.state;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.index.Fingerprint;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the state store keeps of {@link #ENTRIES} accepted events: enough to rebuild the index, the stream heads and the
 * key ring without reading the log. A chunk is written once, with the entry that fills it, in that entry's transaction,
 * and never again; its key is {@code first}, so the store read in key order is the log.
 *
 * @param nextSource where the events topic goes on after the chunk's last entry
 * @param newest entry hash of the chunk's last entry
 * @param heads of the streams that changed within the chunk, as they stand after it
 */
public record Chunk(
        long first,
        long nextSource,
        Digest newest,
        TopicIds topics,
        List<Fingerprint> fingerprints,
        Map<StreamId, StreamHead> heads,
        List<KeyChange> keyChanges) {

    /** A put per event costs more than all the rest of the step; one per 128 does not show. */
    public static final int ENTRIES = 128;

    /** The body of a key event, which the key ring is rebuilt from. */
    public record KeyChange(long sequence, Bytes body) {}

    public Chunk {
        fingerprints = List.copyOf(fingerprints);
        // In the order of the entries: a chunk made again is the same bytes. Map.copyOf has another order in each JVM.
        heads = Collections.unmodifiableMap(new LinkedHashMap<>(heads));
        keyChanges = List.copyOf(keyChanges);
    }

    /** The sequence after the chunk's last entry. */
    public long next() {
        return first + fingerprints.size();
    }
}
