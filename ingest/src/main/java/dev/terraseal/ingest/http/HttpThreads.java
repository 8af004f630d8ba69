package dev.terraseal.ingest.http;

import java.time.Duration;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A thread for each connection on which something comes, up to a limit; then a short queue. The JDK's server reads the head
 * of a request in them, so there are many more than requests that are worked on: who sends half a head holds a thread until
 * it is cut.
 */
final class HttpThreads extends ThreadPoolExecutor {
    private static final int QUEUE_MAX = 1024;

    private final StallWatch watch;
    private final Duration headers;

    HttpThreads(int most, StallWatch watch, Duration headers) {
        super(0, most, 30, TimeUnit.SECONDS, new Handoff());
        this.watch = watch;
        this.headers = headers;
        AtomicInteger number = new AtomicInteger();
        setThreadFactory(task -> {
            Thread thread = new Thread(task, "http-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        setRejectedExecutionHandler((task, pool) -> {
            if (pool.isShutdown() || pool.getQueue().size() >= QUEUE_MAX) {
                throw new RejectedExecutionException("more connections than threads and places in the queue");
            }
            ((Handoff) pool.getQueue()).keep(task);
        });
    }

    /** Takes a task only where a thread waits for it, so that the pool makes another thread before anything queues. */
    private static final class Handoff extends LinkedTransferQueue<Runnable> {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean offer(Runnable task) {
            return tryTransfer(task);
        }

        void keep(Runnable task) {
            super.offer(task);
        }
    }

    @Override
    protected void beforeExecute(Thread thread, Runnable task) {
        watch.begin(headers);
    }

    @Override
    protected void afterExecute(Runnable task, @Nullable Throwable broken) {
        watch.end();
    }
}
