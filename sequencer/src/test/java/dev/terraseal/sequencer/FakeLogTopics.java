package dev.terraseal.sequencer;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.sequencer.start.StartFacts;
import dev.terraseal.sequencer.state.Entry;
import dev.terraseal.sequencer.state.TopicIds;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The committed end of a log, held in a list. The group's offset always agrees with it unless a test says otherwise. */
final class FakeLogTopics implements LogTopics {
    final List<Entry> entries = new ArrayList<>();
    final List<Long> readFrom = new ArrayList<>();
    private final LogDeclaration log;

    @Nullable OptionalLong committed;

    long floor;
    long trimmedBelow;
    long eventsEnd = Long.MAX_VALUE;

    FakeLogTopics(LogDeclaration log) {
        this.log = log;
    }

    @Override
    public TopicIds ids() {
        return LogFixture.TOPICS;
    }

    @Override
    public StartFacts facts(int partition, StartFacts.@Nullable Stored stored, KeyRing keys) {
        StartFacts.Output output = null;
        long next = 0;
        if (!entries.isEmpty()) {
            Entry last = entries.get(entries.size() - 1);
            Digest atStored = stored == null || stored.next() > entries.size()
                    ? null
                    : entries.get((int) stored.next() - 1).entryHash();
            output = new StartFacts.Output(trimmedBelow, last.sequence(), last.source(), atStored);
            next = last.source() + 1;
        }
        return new StartFacts(
                log.origin(),
                partition,
                LogFixture.TOPICS,
                new StartFacts.Events(0, eventsEnd),
                output,
                stored,
                committed == null ? OptionalLong.of(next) : committed,
                OptionalLong.empty(),
                floor);
    }

    @Override
    public void readFrom(int partition, long from, Consumer<Entry> each) {
        readFrom.add(from);
        entries.stream().filter(entry -> entry.sequence() >= from).forEach(each);
    }
}
