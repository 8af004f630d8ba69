package dev.terraseal.schemas;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import java.util.List;

/** Where an entry stands in a signed batch: the batch's first sequence, and the RFC 6962 path from the entry to its root. */
public record BatchPath(SequenceNumber first, List<Digest> path) {
    /** 65,536 entries at most in a batch. */
    public static final int LENGTH_MAX = 16;

    public BatchPath {
        path = List.copyOf(path);
        if (path.size() > LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "a path in a batch has at most " + LENGTH_MAX + " hashes, not " + path.size());
        }
    }
}
