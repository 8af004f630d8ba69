package dev.terraseal.audit;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many calls to a store that waits longer than it works: some at a time, their answers in order. */
final class Parallel implements AutoCloseable {
    static final int THREADS = 16;
    private static final int AT_ONCE = 512;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final AuditProgress progress;

    Parallel(AuditProgress progress) {
        this.progress = progress;
    }

    interface Call<T> {
        void run(T item) throws IOException;
    }

    /** Runs {@code call} for each item; the first failure ends it. */
    <T> void each(String what, List<T> items, Call<T> call) throws IOException {
        for (int begin = 0; begin < items.size(); begin += AT_ONCE) {
            List<Future<?>> running = new ArrayList<>();
            for (T item : items.subList(begin, Math.min(items.size(), begin + AT_ONCE))) {
                running.add(threads.submit(() -> {
                    call.run(item);
                    return null;
                }));
            }
            for (int i = 0; i < running.size(); i++) {
                await(running.get(i));
                progress.at(what, begin + i + 1L, items.size());
            }
        }
    }

    private static void await(Future<?> running) throws IOException {
        try {
            running.get();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException("a call to the store broke down: " + failed.getCause(), failed);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
