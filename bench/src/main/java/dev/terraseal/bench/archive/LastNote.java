package dev.terraseal.bench.archive;

import dev.terraseal.archiver.topic.CheckpointFeed;
import dev.terraseal.core.bytes.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The topic of checkpoints, of which only the end is asked for. */
final class LastNote implements CheckpointFeed {
    private @Nullable Bytes note;

    @Override
    public void publish(Bytes next) {
        note = next;
    }

    @Override
    public List<Bytes> last() {
        return note == null ? List.of() : List.of(note);
    }

    @Override
    public void close() {}
}
