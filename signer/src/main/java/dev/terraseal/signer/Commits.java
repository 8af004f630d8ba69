package dev.terraseal.signer;

import dev.terraseal.signer.AttestationOutput.FencedException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The transaction under way: one at a time, in order, while the next entries are read, checked and signed. One thread, but
 * for what the executor runs.
 */
final class Commits {
    private final AttestationOutput output;
    private final Executor thread;
    private final Runnable onEnd;
    private @Nullable Transaction underway;

    /** What is written, and how it ended. */
    private static final class Transaction {
        private final List<Signed> signed;
        private boolean ended;
        private @Nullable Throwable failure;

        Transaction(List<Signed> signed) {
            this.signed = signed;
        }
    }

    /** @param onEnd runs on the executor's thread when a transaction has ended */
    Commits(AttestationOutput output, Executor thread, Runnable onEnd) {
        this.output = output;
        this.thread = thread;
        this.onEnd = onEnd;
    }

    /** Whether nothing is under way, and every end was told. From any thread. */
    synchronized boolean idle() {
        return underway == null;
    }

    /** Call only when {@link #idle}. */
    void begin(List<Signed> signed) {
        Transaction begun = new Transaction(signed);
        synchronized (this) {
            underway = begun;
        }
        try {
            thread.execute(() -> run(begun));
        } catch (RejectedExecutionException closed) {
            // It will never end, and must not be waited for.
            synchronized (this) {
                underway = null;
            }
            throw closed;
        }
    }

    private void run(Transaction transaction) {
        Throwable failure = null;
        try {
            output.commit(transaction.signed);
        } catch (FencedException | RuntimeException | Error failed) {
            failure = failed;
        }
        synchronized (this) {
            transaction.failure = failure;
            transaction.ended = true;
            notifyAll();
        }
        onEnd.run();
    }

    /**
     * The last statement of a transaction that ended since this was last asked; null if none did.
     *
     * @throws FencedException and whatever else the transaction failed with
     */
    synchronized @Nullable Signed takeEnd() throws FencedException {
        Transaction transaction = underway;
        if (transaction == null || !transaction.ended) {
            return null;
        }
        underway = null;
        if (transaction.failure instanceof FencedException fenced) {
            throw fenced;
        } else if (transaction.failure instanceof RuntimeException failed) {
            throw failed;
        } else if (transaction.failure instanceof Error failed) {
            throw failed;
        }
        return transaction.signed.get(transaction.signed.size() - 1);
    }

    /** As long as a transaction may take: one that is cut off would keep every reader waiting for its time-out. */
    synchronized void awaitEnd() {
        boolean interrupted = false;
        while (underway != null && !underway.ended) {
            try {
                wait();
            } catch (InterruptedException stop) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
