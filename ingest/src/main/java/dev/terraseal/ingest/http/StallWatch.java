package dev.terraseal.ingest.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts connections on which nothing moves. The JDK's server reads and writes with threads that wait for as long as the
 * client likes; here a thread that waits for the network is interrupted when its time is over, which closes the channel
 * under it. A thread that works is never interrupted by this.
 */
final class StallWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StallWatch.class);

    private final Map<Thread, Turn> turns = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "http-stall-watch");
        thread.setDaemon(true);
        return thread;
    });

    StallWatch(Duration every) {
        timer.scheduleWithFixedDelay(this::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The current thread takes a connection up, of which the head of a request must come within {@code headers}. */
    void begin(Duration headers) {
        Thread thread = Thread.currentThread();
        turns.put(thread, new Turn(thread, headers));
    }

    /** The current thread is through with it. */
    void end() {
        Turn turn = turns.remove(Thread.currentThread());
        if (turn != null) {
            turn.works();
        }
    }

    /** The turn of the current thread. */
    Turn turn() {
        Turn turn = turns.get(Thread.currentThread());
        return turn == null ? new Turn(Thread.currentThread(), null) : turn;
    }

    private void look() {
        long now = System.nanoTime();
        int cut = 0;
        for (Turn turn : turns.values()) {
            if (turn.cutIfOver(now)) {
                cut++;
            }
        }
        if (cut > 0) {
            LOG.info("event=connections-cut count={} reason=\"the client sent or took nothing for too long\"", cut);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** One thread's work on one connection. */
    static final class Turn {
        private final Thread thread;
        private long since = System.nanoTime();
        private @Nullable Duration limit;
        private @Nullable Duration whole;
        private boolean cut;

        Turn(Thread thread, @Nullable Duration limit) {
            this.thread = thread;
            this.limit = limit;
        }

        /** What an exchange does with its connection. */
        interface Io {
            void run() throws IOException;
        }

        /** The same, with the number of bytes that came. */
        interface Read {
            int run() throws IOException;
        }

        /** Waits for the client in {@code io}, at most so long. What follows is our own work, also where it fails. */
        void waiting(Duration most, Io io) throws IOException {
            reading(most, () -> {
                io.run();
                return 0;
            });
        }

        int reading(Duration most, Read read) throws IOException {
            waits(most);
            try {
                return read.run();
            } finally {
                works();
            }
        }

        private synchronized void waits(Duration most) {
            since = System.nanoTime();
            limit = most;
        }

        /** What follows is our own work. */
        synchronized void works() {
            since = System.nanoTime();
            limit = whole;
            if (cut) {
                // It came at the last moment: the interrupt must not hit what follows.
                cut = false;
                Thread.interrupted();
            }
        }

        /** For handlers of others, of which we do not see when they wait: so long between two signs of life. */
        synchronized void works(Duration most) {
            whole = most;
            works();
        }

        private synchronized boolean cutIfOver(long now) {
            Duration most = limit;
            if (most == null || cut || now - since < most.toNanos()) {
                return false;
            }
            cut = true;
            thread.interrupt();
            return true;
        }
    }
}
