package dev.terraseal.signer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.statement.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Statements between "may be signed" and "written", in order. Signatures come back in any order; what leaves is the
 * finished prefix. Bounded by number and by bytes, so that memory stays flat however slow the key is.
 */
final class SigningWindow implements AutoCloseable {
    private final Executor pool;
    private final Limits limits;
    private final Runnable onHeadDone;
    private final ArrayDeque<Slot> slots = new ArrayDeque<>();
    private long bytes;
    private long putOff;
    private String lastPutOff = "";
    private boolean closed;

    /** How much may be inside: a statement is always let into an empty window. */
    record Limits(int statements, long bytes) {}

    /** How often a call was put off, by a quota or a network, and why the last time. */
    record PutOff(long count, String last) {}

    private static final class Slot {
        private final long source;
        private final Statement statement;
        private final MessageSigner signer;
        private @Nullable Bytes signature;
        private @Nullable SigningException failure;

        Slot(long source, Statement statement, MessageSigner signer) {
            this.source = source;
            this.statement = statement;
            this.signer = signer;
        }

        boolean done() {
            return signature != null || failure != null;
        }
    }

    /**
     * @param pool runs the calls; as many at a time as it has threads
     * @param onHeadDone runs on a thread of the pool whenever the first statement inside is done
     */
    SigningWindow(Executor pool, Limits limits, Runnable onHeadDone) {
        this.pool = pool;
        this.limits = limits;
        this.onHeadDone = onHeadDone;
    }

    synchronized boolean hasRoom() {
        return slots.isEmpty() || (slots.size() < limits.statements() && bytes < limits.bytes());
    }

    synchronized boolean isEmpty() {
        return slots.isEmpty();
    }

    synchronized int size() {
        return slots.size();
    }

    synchronized boolean headDone() {
        Slot head = slots.peek();
        return head != null && head.done();
    }

    synchronized PutOff putOff() {
        return new PutOff(putOff, lastPutOff);
    }

    /** Begins to sign; the caller asks {@link #hasRoom} first. */
    void add(long source, Statement statement, MessageSigner signer) {
        Slot slot = new Slot(source, statement, signer);
        synchronized (this) {
            slots.add(slot);
            bytes += statement.bytes().length();
        }
        pool.execute(() -> sign(slot));
    }

    /**
     * Removes and returns the finished statements before the first unfinished one.
     *
     * @throws SigningException if the very first failed for good; what was finished before it has been returned
     */
    synchronized List<Signed> takeFinished() throws SigningException {
        List<Signed> finished = new ArrayList<>();
        for (Slot head = slots.peek(); head != null && head.done(); head = slots.peek()) {
            Bytes signature = head.signature;
            if (signature == null) {
                if (finished.isEmpty() && head.failure != null) {
                    throw head.failure;
                }
                return finished;
            }
            slots.remove();
            bytes -= head.statement.bytes().length();
            finished.add(
                    new Signed(head.source, head.statement, head.signer.key().keyid(), signature));
        }
        return finished;
    }

    /** Waits until the first statement is done, at most so long. */
    synchronized void awaitHead(long millis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = millis; left > 0 && !headDone() && !slots.isEmpty(); ) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        }
    }

    private void sign(Slot slot) {
        Bytes message = Dsse.pae(Dsse.STATEMENT, slot.statement.bytes());
        while (true) {
            try {
                finish(slot, slot.signer.sign(message), null);
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
            } catch (RuntimeException broken) {
                finish(
                        slot,
                        null,
                        SigningException.lasting("signing failed in a way nobody foresaw: " + broken, broken));
                return;
            }
        }
    }

    /** False when nobody waits for the signature any more. */
    private synchronized boolean goOnAfter(SigningException failed) {
        putOff++;
        lastPutOff = String.valueOf(failed.getMessage());
        return !closed;
    }

    private void finish(Slot slot, @Nullable Bytes signature, @Nullable SigningException failure) {
        boolean head;
        synchronized (this) {
            slot.signature = signature;
            slot.failure = failure;
            head = slots.peek() == slot;
            if (head) {
                notifyAll();
            }
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
