package dev.terraseal.sequencer;

import java.time.Duration;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * How long events are collected into one transaction: around another processor, which does the work. To end a transaction
 * takes as long as to sequence a thousand events, and nothing is sequenced meanwhile; while events pile up transactions are
 * longer, so that fewer of them end.
 */
final class CommitPace<K, V> implements Processor<byte[], byte[], K, V> {
    /** A load near what is possible swings around it, and every event then waits that long. */
    private static final long PILED_UP_MILLIS = 100;

    private final Processor<byte[], byte[], K, V> work;
    private final Duration interval;
    private @Nullable ProcessorContext<K, V> context;
    private @Nullable Cancellable ticks;
    private boolean piledUp;

    /** @param interval how long while events do not pile up */
    CommitPace(Processor<byte[], byte[], K, V> work, Duration interval) {
        this.work = work;
        this.interval = interval;
    }

    @Override
    public void init(ProcessorContext<K, V> here) {
        work.init(here);
        context = here;
        piledUp = false;
        ticks = here.schedule(interval, PunctuationType.WALL_CLOCK_TIME, now -> tick(here));
    }

    /** Writes nothing: an output without a consumed offset would not be fenced. */
    private void tick(ProcessorContext<K, V> here) {
        if (!piledUp) {
            here.commit();
        }
    }

    /** Where the broker's clock is far from ours, transactions are longer or shorter than they should be; that is all. */
    @Override
    public void process(Record<byte[], byte[]> event) {
        if (context != null) {
            piledUp = context.currentSystemTimeMs() - event.timestamp() > PILED_UP_MILLIS;
        }
        work.process(event);
    }

    /** Streams closes a processor it will initialise again, and does not forget what that one scheduled. */
    @Override
    public void close() {
        if (ticks != null) {
            ticks.cancel();
        }
        work.close();
    }
}
