package dev.terraseal.archiver.topic;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.SignedNote;
import java.util.List;
import java.util.Optional;

/**
 * Where checkpoints are announced. At least once: whoever reads tells equal sizes by size, and equal sizes have equal
 * texts. Used by one thread.
 */
public interface CheckpointFeed extends AutoCloseable {
    /** Announces a note that is in the archive; returns when the announcement is kept, retrying until then. */
    void publish(Bytes note);

    /**
     * What was announced last, oldest first: the archive must not fall behind the largest checkpoint among them. More than
     * one, because who may write to the topic can put anything behind it, also a true note of long ago.
     */
    List<Bytes> last();

    /** A checkpoint announced before, which others have cosigned since; each time it has more lines, once. */
    default Optional<SignedNote> takeCosigned() {
        return Optional.empty();
    }

    @Override
    void close();
}
