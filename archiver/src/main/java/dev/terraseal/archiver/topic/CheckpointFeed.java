package dev.terraseal.archiver.topic;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.SignedNote;
import java.util.Optional;

/**
 * Where checkpoints are announced. At least once: whoever reads tells equal sizes by size, and equal sizes have equal
 * texts. Used by one thread.
 */
public interface CheckpointFeed extends AutoCloseable {
    /** Announces a note that is in the archive; returns when the announcement is kept, retrying until then. */
    void publish(Bytes note);

    /** The newest announcement, which the archive must not fall behind; empty if there was none. */
    Optional<Bytes> newest();

    /** A checkpoint announced before, which others have cosigned since; each time it has more lines, once. */
    default Optional<SignedNote> takeCosigned() {
        return Optional.empty();
    }

    @Override
    void close();
}
