package dev.terraseal.archiver;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.Checkpoint;
import org.jspecify.annotations.Nullable;

/**
 * The newest checkpoint that was announced: the tree must pass through it. An archive that was put back from an old copy
 * is then carried on to the same history or not at all.
 */
final class Floor {
    private final @Nullable Checkpoint announced;

    Floor(@Nullable Checkpoint announced) {
        this.announced = announced;
    }

    /** The size at which {@link #require} has something to say, −1 if none. */
    long size() {
        return announced == null ? -1 : announced.size();
    }

    void require(Digest root) {
        if (announced != null && !announced.root().equals(root)) {
            throw new ArchiverStoppedException("the checkpoint announced for size " + announced.size() + " has root "
                    + announced.root().base64() + ", but the archive leads to root " + root.base64()
                    + " at that size: there are two histories. Keep both, find which one others saw, and see docs/operations.md"
                    + " on forks");
        }
    }
}
