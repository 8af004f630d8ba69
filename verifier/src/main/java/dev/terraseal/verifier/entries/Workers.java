package dev.terraseal.verifier.entries;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The threads of one verification, one a processor; none is started before something is given to them. */
public final class Workers implements AutoCloseable {
    private @Nullable ExecutorService pool;

    int count() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** Runs {@code task}, which waits for no other task, after those submitted before it. */
    <T> Future<T> submit(Callable<T> task) {
        ExecutorService running = pool;
        if (running == null) {
            running = Executors.newFixedThreadPool(count());
            pool = running;
        }
        return running.submit(task);
    }

    static <T> T await(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while entries were being checked", stopped);
        } catch (ExecutionException broken) {
            throw new IllegalStateException("a check broke down: " + broken.getCause(), broken);
        }
    }

    @Override
    public void close() {
        if (pool != null) {
            pool.shutdownNow();
        }
    }
}
