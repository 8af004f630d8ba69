package dev.terraseal.archiver.time;

import dev.terraseal.archiver.topic.CheckpointFeed;
import dev.terraseal.core.bytes.Bytes;
import java.util.List;
import java.util.function.Consumer;

/** Tells whoever stamps of every checkpoint that is announced, also of those that are announced again after a crash. */
public final class StampedFeed implements CheckpointFeed {
    private final CheckpointFeed feed;
    private final Consumer<Bytes> stamps;

    public StampedFeed(CheckpointFeed feed, Consumer<Bytes> stamps) {
        this.feed = feed;
        this.stamps = stamps;
    }

    @Override
    public void publish(Bytes note) {
        stamps.accept(note);
        feed.publish(note);
    }

    @Override
    public List<Bytes> last() {
        return feed.last();
    }

    @Override
    public void close() {
        feed.close();
    }
}
