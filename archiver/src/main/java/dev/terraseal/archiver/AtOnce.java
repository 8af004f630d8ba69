package dev.terraseal.archiver;

import dev.terraseal.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Steps whose order among themselves means nothing, and each of which waits for a disk or a network. */
final class AtOnce {
    private AtOnce() {}

    interface Step<T> {
        void take(T item) throws StoreException;
    }

    /**
     * Takes all items, as many at a time as the pool has threads, and returns when none is under way any more.
     *
     * @throws StoreException the failure of the first item that failed; those after it may have been taken
     */
    static <T> void each(Executor pool, List<T> items, Step<T> step) throws StoreException {
        List<CompletableFuture<@Nullable StoreException>> under = new ArrayList<>(items.size());
        for (T item : items) {
            under.add(CompletableFuture.supplyAsync(() -> failure(step, item), pool));
        }
        StoreException first = null;
        Throwable broken = null;
        for (CompletableFuture<@Nullable StoreException> each : under) {
            try {
                StoreException failed = each.join();
                first = first == null ? failed : first;
            } catch (CompletionException thrown) {
                Throwable cause = thrown.getCause();
                broken = broken != null ? broken : cause == null ? thrown : cause;
            }
        }
        requireNone(broken);
        if (first != null) {
            throw first;
        }
    }

    /** Whatever it is: a failure that is passed over would be a promise over objects that were never written. */
    private static void requireNone(@Nullable Throwable broken) {
        if (broken instanceof RuntimeException failed) {
            throw failed;
        }
        if (broken instanceof Error failed) {
            throw failed;
        }
        if (broken != null) {
            throw new IllegalStateException("a step threw what it does not declare", broken);
        }
    }

    private static <T> @Nullable StoreException failure(Step<T> step, T item) {
        try {
            step.take(item);
            return null;
        } catch (StoreException failed) {
            return failed;
        }
    }
}
