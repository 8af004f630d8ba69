package dev.terraseal.ingest;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.ingest.follow.LogTail;
import dev.terraseal.ingest.http.ProblemException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the sequencer for a heads entry, at the latest the log's heartbeat after the first entry since the last one. One
 * too many has no output, so several instances of ingest may tick, and a tick is what is sent every second while Kafka
 * confirms nothing.
 */
public final class HeadsTicker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeadsTicker.class);
    /** A restart reads the archive from its newest heads entry on; under load the heartbeat alone would make that long. */
    private static final long ENTRIES_MAX = 20_000;

    private final EventSender sender;
    private final Supplier<Bytes> framedTick;
    private final LogTail tail;
    private final Duration heartbeat;
    private final InstantSource clock;
    private final Consumer<Throwable> onFatal;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "ingest-heads-ticker");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable ScheduledFuture<?> ticking;
    /** Milliseconds since a heads entry was due or was asked for, as {@code seen} counts them. */
    private long waited;

    private long seen;

    /** @param onFatal told when the ticking ends, although nobody stopped it */
    public HeadsTicker(
            EventSender sender,
            Supplier<Bytes> framedTick,
            LogTail tail,
            Duration heartbeat,
            InstantSource clock,
            Consumer<Throwable> onFatal) {
        this.sender = sender;
        this.framedTick = framedTick;
        this.tail = tail;
        this.heartbeat = heartbeat;
        this.clock = clock;
        this.onFatal = onFatal;
        this.seen = clock.millis();
    }

    public void start() {
        ticking = timer.scheduleWithFixedDelay(this::check, 1, 1, TimeUnit.SECONDS);
    }

    /** Sends the control record now. */
    public void tick() throws ProblemException, InterruptedException {
        sender.send(List.of(new EventSender.Outgoing(StreamId.LOG, framedTick.get())));
    }

    /** Runs every second, on one thread. */
    void check() {
        long now = clock.millis();
        // Steps are counted and not two times compared: a clock that is set back takes nothing from what was waited, or
        // the heads entry would come later by as much as the clock was set.
        waited += Math.max(0, now - seen);
        seen = now;
        boolean open = tail.entriesSinceHeads();
        if (!open) {
            waited = 0;
        }
        // Two seconds early: the promise counts to the heads entry, not to this record.
        boolean late = open && waited >= Math.max(0, heartbeat.toMillis() - 2_000);
        boolean many = open && tail.countSinceHeads() >= ENTRIES_MAX;
        // While /readyz says 503 nobody may send anything, and somebody has to find out that Kafka confirms again.
        if (late || many || sender.failure().isPresent()) {
            try {
                tick();
                waited = 0;
            } catch (ProblemException notNow) {
                LOG.warn("event=heads-tick-failed reason=\"{}\"", notNow.getMessage());
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException notNow) {
                // An exception that left this method would end the ticking for good, and without a word.
                LOG.error("event=heads-tick-failed", notNow);
            } catch (Error broken) {
                // It ends the ticking too, and the promise of a heads entry a heartbeat with it.
                onFatal.accept(broken);
                throw broken;
            }
        }
    }

    @Override
    public void close() {
        if (ticking != null) {
            ticking.cancel(true);
        }
        timer.shutdownNow();
    }
}
