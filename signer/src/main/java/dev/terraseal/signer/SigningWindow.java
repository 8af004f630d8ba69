package dev.terraseal.signer;

import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.signer.SigningWork.Finished;
import dev.terraseal.signer.SigningWork.KeptBefore;
import dev.terraseal.signer.SigningWork.Outcome;
import dev.terraseal.store.StoreException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Statements between "may be signed" and "written", in order. Signatures come back in any order; what leaves is the
 * finished prefix. Bounded by number and by bytes, so that memory stays flat however slow the key is.
 */
final class SigningWindow implements AutoCloseable {
    /** Between two tries at a store that does not answer; a key service waits by itself. */
    private static final Duration STORE_PAUSE = Duration.ofMillis(500);

    private final Executor pool;
    private final Limits limits;
    private final Pause pause;
    private final Runnable onHeadDone;
    private final ArrayDeque<Slot> slots = new ArrayDeque<>();
    private int statements;
    private long bytes;
    private int exclusive;
    private long putOff;
    private String lastPutOff = "";
    private boolean closed;

    /**
     * How much may be inside: a statement is always let into an empty window.
     *
     * @param together how many statements one thread signs one after the other before it says so
     */
    record Limits(int statements, long bytes, int together) {}

    /** How often a call was put off, by a quota or a network, and why the last time. */
    record PutOff(long count, String last) {
        /** Both, where {@code other} has the word if it has one. */
        PutOff and(PutOff other) {
            return new PutOff(count + other.count, other.last.isEmpty() ? last : other.last);
        }
    }

    /** Waits between two tries. */
    @FunctionalInterface
    interface Pause {
        /** False as soon as the signer is to stop. */
        boolean await(Duration duration);
    }

    /** What could not become a batch, because another is kept in its place. */
    record Displaced(List<Admitted> statements, Envelope kept) {}

    private static final class Slot {
        private final SigningWork work;
        private @Nullable Outcome outcome;
        private @Nullable SigningException failure;

        Slot(SigningWork work) {
            this.work = work;
        }

        boolean done() {
            return outcome != null || failure != null;
        }

        long bytes() {
            long sum = 0;
            for (Admitted each : work.statements()) {
                sum += each.statement().bytes().length();
            }
            return sum;
        }
    }

    /**
     * @param pool runs the calls; as many at a time as it has threads
     * @param onHeadDone runs on a thread of the pool whenever the first work inside is done
     */
    SigningWindow(Executor pool, Limits limits, Pause pause, Runnable onHeadDone) {
        this.pool = pool;
        this.limits = limits;
        this.pause = pause;
        this.onHeadDone = onHeadDone;
    }

    /** Whether there is room beside others that wait outside. */
    synchronized boolean hasRoom(int waiting, long waitingBytes) {
        boolean none = slots.isEmpty() && waiting == 0;
        return none || (statements + waiting < limits.statements() && bytes + waitingBytes < limits.bytes());
    }

    synchronized boolean isEmpty() {
        return slots.isEmpty();
    }

    /** Statements inside. */
    synchronized int size() {
        return statements;
    }

    /** Whether nothing may begin now. */
    synchronized boolean isBlocked() {
        return exclusive > 0;
    }

    synchronized PutOff putOff() {
        return new PutOff(putOff, lastPutOff);
    }

    /** Begins; the caller asks {@link #isBlocked} first, and {@link #hasRoom} before it takes more. */
    void add(SigningWork work) {
        Slot slot = new Slot(work);
        synchronized (this) {
            slots.add(slot);
            statements += work.statements().size();
            bytes += slot.bytes();
            exclusive += work.exclusive() ? 1 : 0;
        }
        pool.execute(() -> run(slot));
    }

    /**
     * Removes and returns the finished statements before the first unfinished one. A batch comes by itself.
     *
     * @throws SigningException if the very first failed for good; what was finished before it has been returned
     */
    synchronized List<Signed> takeFinished() throws SigningException {
        List<Signed> finished = new ArrayList<>();
        for (Slot head = slots.peek(); head != null && head.done(); head = slots.peek()) {
            if (head.failure != null && finished.isEmpty()) {
                throw head.failure;
            }
            boolean alone = head.work.exclusive();
            if (!(head.outcome instanceof Finished done) || (alone && !finished.isEmpty())) {
                return finished;
            }
            remove(head);
            finished.addAll(done.signed());
            if (alone) {
                return finished;
            }
        }
        return finished;
    }

    /** Removes and returns the first work, if it found that another batch is kept in its place. */
    synchronized @Nullable Displaced takeDisplaced() {
        Slot head = slots.peek();
        if (head == null || !(head.outcome instanceof KeptBefore before)) {
            return null;
        }
        remove(head);
        return new Displaced(head.work.statements(), before.other());
    }

    private void remove(Slot head) {
        slots.remove();
        statements -= head.work.statements().size();
        bytes -= head.bytes();
        exclusive -= head.work.exclusive() ? 1 : 0;
    }

    private void run(Slot slot) {
        while (true) {
            try {
                finish(slot, slot.work.attempt(), null);
                return;
            } catch (SigningException failed) {
                // What may pass is tried for as long as it takes: a skipped sequence would end the log.
                if (!failed.retryable()) {
                    finish(slot, null, failed);
                    return;
                }
                if (!goOnAfter(failed)) {
                    return;
                }
            } catch (StoreException failed) {
                if (!failed.retryable()) {
                    finish(
                            slot,
                            null,
                            SigningException.lasting("a batch was not kept: " + failed.getMessage(), failed));
                    return;
                }
                if (!goOnAfter(failed) || !pause.await(STORE_PAUSE)) {
                    return;
                }
            } catch (RuntimeException broken) {
                finish(slot, null, unforeseen(broken));
                return;
            } catch (Error broken) {
                // A slot that stays open holds everything behind it up for ever, in silence.
                finish(slot, null, unforeseen(broken));
                throw broken;
            }
        }
    }

    private static SigningException unforeseen(Throwable broken) {
        return SigningException.lasting("signing failed in a way nobody foresaw: " + broken, broken);
    }

    /** False when nobody waits for the signature any more. */
    private synchronized boolean goOnAfter(Exception failed) {
        putOff++;
        lastPutOff = String.valueOf(failed.getMessage());
        return !closed;
    }

    private void finish(Slot slot, @Nullable Outcome outcome, @Nullable SigningException failure) {
        boolean head;
        synchronized (this) {
            slot.outcome = outcome;
            slot.failure = failure;
            head = slots.peek() == slot;
        }
        if (head) {
            onHeadDone.run();
        }
    }

    /** No call is repeated from here on; those in flight end by themselves. */
    @Override
    public synchronized void close() {
        closed = true;
    }
}
