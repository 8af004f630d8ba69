package dev.terraseal.sequencer;

import dev.terraseal.core.log.KeyRing;
import dev.terraseal.sequencer.start.StartFacts;
import dev.terraseal.sequencer.state.Entry;
import dev.terraseal.sequencer.state.TopicIds;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is on the topics of a log before its first event is taken. Called only while this process owns the partition; the
 * end of an output is read by the one rule of {@link dev.terraseal.kafka.TopicEnd}. Failures are exceptions; the caller
 * stops on them.
 */
public interface LogTopics {
    /** Kafka's ids of the topics. */
    TopicIds ids();

    /** Everything the decision to go on rests on, given what the store holds and the keys of the log known so far. */
    StartFacts facts(int partition, StartFacts.@Nullable Stored stored, KeyRing keys);

    /** Hands over every committed entry from sequence {@code from} to the end, in order. */
    void readFrom(int partition, long from, Consumer<Entry> each);
}
