package dev.terraseal.export;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.merkle.NodeReader;
import dev.terraseal.core.merkle.ProofException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers the nodes asked for last. Proofs of neighbouring entries share nearly all of theirs, and a node inside a tile
 * costs as many hashes as it has leaves there.
 */
final class RecentNodes implements NodeReader {
    private static final int KEPT = 4096;

    private final NodeReader source;
    private final Map<Place, Digest> kept = new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Digest> eldest) {
            return size() > KEPT;
        }
    };

    private record Place(int level, long index) {}

    RecentNodes(NodeReader source) {
        this.source = source;
    }

    @Override
    public Digest node(int level, long index) throws ProofException {
        Place place = new Place(level, index);
        Digest known = kept.get(place);
        if (known == null) {
            known = source.node(level, index);
            kept.put(place, known);
        }
        return known;
    }
}
