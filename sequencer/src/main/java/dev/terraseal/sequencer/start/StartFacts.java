package dev.terraseal.sequencer.start;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.sequencer.state.TopicIds;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What is found before the first event is taken.
 *
 * @param topics the ids Kafka gives the topics now
 * @param stored the newest chunk of the state store, null if it has none
 * @param committed the group's offset on the events topic
 * @param unaccounted the first event in {@code [newest entry's source + 1, committed)} that left neither an entry, a
 *     rejection nor an outcome; empty if there is none
 * @param floor a size the log is known to have had: of the newest checkpoint in Kafka or the archive, 0 if none is known
 */
public record StartFacts(
        LogOrigin origin,
        int partition,
        TopicIds topics,
        Events events,
        @Nullable Output output,
        @Nullable Stored stored,
        OptionalLong committed,
        OptionalLong unaccounted,
        long floor) {

    /** Offsets of the events topic: the first it still has, and the one the next event gets. */
    public record Events(long begin, long end) {}

    /**
     * The entries on {@code terraseal.sequenced}.
     *
     * @param atStored entry hash of the entry that is the store's newest, null if it is not there (any more)
     */
    public record Output(
            long first,
            long last,
            long lastSource,
            @Nullable Digest atStored) {}

    /** The newest chunk: the sequence and source offset after it, the entry hash it ends with, the topics it was made on. */
    public record Stored(long next, long nextSource, Digest newest, TopicIds topics) {}

    /** The sequence the log goes on with. */
    public long next() {
        return output == null ? 0 : output.last() + 1;
    }

    /** Whether the store knows entries that are not on {@code terraseal.sequenced}: after a loss of power. */
    public boolean storeIsAhead() {
        return stored != null && stored.next() > next();
    }

    /** The sequence the store goes on with. */
    public long storedNext() {
        return stored == null ? 0 : stored.next();
    }
}
