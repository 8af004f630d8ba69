package dev.terraseal.archiver;

import dev.terraseal.archiver.state.LoneCheck;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.schemas.BatchPath;
import dev.terraseal.store.ArchivedEntry;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Entries between "read from the stream" and "in their place", in order. Their signatures are verified on all processors
 * at once; what leaves is the finished prefix. Bounded by number and by bytes: while it is full nothing is read, so that a
 * burst waits on the topic and not in memory. One thread uses it.
 */
final class CheckWindow {
    /** Room is asked for before a poll, which brings at most 5,000 records and 8 MiB more. */
    private static final int ENTRIES = 4_096;

    private static final long BYTES = 8L << 20;

    private final SignatureChecker checker;
    private final Executor pool;
    private final ArrayDeque<Slot> slots = new ArrayDeque<>();
    private long bytes;

    private record Slot(AttestationRecord record, CompletableFuture<LoneCheck> check) {}

    /** An entry as the stream has it, and what was found out about it alone. */
    record Finished(AttestationRecord record, LoneCheck check) {}

    CheckWindow(SignatureChecker checker, Executor pool) {
        this.checker = checker;
        this.pool = pool;
    }

    boolean hasRoom() {
        return slots.size() < ENTRIES && bytes < BYTES;
    }

    boolean isEmpty() {
        return slots.isEmpty();
    }

    int size() {
        return slots.size();
    }

    /** Begins to check; the caller asks {@link #hasRoom} first. */
    void add(AttestationRecord record, KeyRing keys) {
        ArchivedEntry entry = entry(record);
        slots.add(new Slot(record, CompletableFuture.supplyAsync(() -> LoneCheck.of(entry, keys, checker), pool)));
        bytes += record.statement().length();
    }

    /** Removes and returns the first entry, if it is finished; null if not, or if there is none. */
    @Nullable Finished takeFinished() {
        Slot head = slots.peek();
        if (head == null || !head.check().isDone()) {
            return null;
        }
        slots.remove();
        bytes -= head.record().statement().length();
        return new Finished(head.record(), head.check().join());
    }

    /** Waits until the first entry is finished, at most so long. */
    void awaitHead(long millis) {
        Slot head = slots.peek();
        if (head == null) {
            return;
        }
        try {
            LoneCheck unused = head.check().get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException later) {
            // What failed is thrown to whoever takes it.
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static ArchivedEntry entry(AttestationRecord record) {
        BatchPath batch = record.batch();
        return new ArchivedEntry(
                record.statement(),
                record.signatures(),
                batch == null ? null : new ArchivedEntry.InBatch(batch.first(), batch.path()));
    }
}
