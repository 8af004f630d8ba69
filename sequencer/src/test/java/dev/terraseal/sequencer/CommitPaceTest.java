package dev.terraseal.sequencer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommitPaceTest {
    private static final Duration INTERVAL = Duration.ofMillis(20);
    private static final long NOW = SequencerDriver.TIME;

    private final List<String> work = new ArrayList<>();
    private final MockProcessorContext<String, byte[]> context = new MockProcessorContext<>();
    private final CommitPace<String, byte[]> pace = new CommitPace<>(new Recorded(), INTERVAL);

    private final class Recorded implements Processor<byte[], byte[], String, byte[]> {
        @Override
        public void process(Record<byte[], byte[]> event) {
            work.add("event");
        }

        @Override
        public void close() {
            work.add("close");
        }
    }

    @BeforeEach
    void start() {
        context.setCurrentSystemTimeMs(NOW);
        pace.init(context);
    }

    private void take(long appended) {
        pace.process(new Record<>(null, new byte[0], appended, new RecordHeaders()));
    }

    private boolean asksAtTheNextTick() {
        CapturedPunctuator ticks = context.scheduledPunctuators().get(0);
        context.resetCommit();
        ticks.getPunctuator().punctuate(NOW);
        return context.committed();
    }

    @Test
    void eventsThatComeAndGoAreCommittedAtEachTick() {
        assertThat(context.scheduledPunctuators()).singleElement().satisfies(ticks -> {
            assertThat(ticks.getInterval()).isEqualTo(INTERVAL);
            assertThat(ticks.getType()).isEqualTo(PunctuationType.WALL_CLOCK_TIME);
        });
        take(NOW - 100);
        assertThat(work).containsExactly("event");
        assertThat(context.committed()).isFalse();
        assertThat(asksAtTheNextTick()).isTrue();
    }

    @Test
    void whilePiledUpEventsAreWorkedOffItWaitsForTheLongestInterval() {
        take(NOW - 101);
        assertThat(asksAtTheNextTick()).isFalse();
        take(NOW - 10);
        assertThat(asksAtTheNextTick()).isTrue();
    }

    @Test
    void aBrokerWhoseClockIsAheadIsNotTakenForAPile() {
        take(NOW + 60_000);
        assertThat(asksAtTheNextTick()).isTrue();
    }

    @Test
    void whatPiledUpBeforeAnAbortIsForgottenAndTheOldTicksAreCancelled() {
        take(NOW - 10_000);
        pace.close();
        assertThat(context.scheduledPunctuators().get(0).cancelled()).isTrue();
        assertThat(work).containsExactly("event", "close");
        pace.init(context);
        assertThat(asksAtTheNextTick()).isTrue();
    }
}
