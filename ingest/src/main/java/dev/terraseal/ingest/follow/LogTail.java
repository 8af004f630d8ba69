package dev.terraseal.ingest.follow;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.schemas.AttestationRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest part of the log as it goes by: entries the archive may not have yet, the newest checkpoint, the newest heads
 * entry. Readers may wait for it to move. Bounded by number and by bytes, for an entry has up to half a megabyte: when the
 * archive falls far behind, the oldest entries leave and are answered with "not now" until the archive has them.
 */
public final class LogTail {
    static final int ENTRIES_MAX = 16_384;
    /** As much as the signer's window: a start reads all above the checkpoint, and {@code up} has 1 GiB for everything. */
    static final long BYTES_MAX = 32L << 20;

    private final NavigableMap<Long, AttestationRecord> entries = new TreeMap<>();
    /** Few in a log's life, and every receipt needs them. */
    private final List<AttestationRecord> keyEvents = new ArrayList<>();

    private long bytes;
    private @Nullable SignedNote note;
    private long checkpointSize;
    private long next;
    private long newestHeads = -1;
    private boolean entriesSinceHeads;
    private long firstSinceHeads;

    /**
     * @param next the sequence the first followed entry will have: everything below is in the archive
     * @param entriesSinceHeads whether the entry below {@code next} is another than a heads entry
     */
    public LogTail(long next, boolean entriesSinceHeads) {
        this.next = next;
        this.entriesSinceHeads = entriesSinceHeads;
        this.firstSinceHeads = next;
    }

    public synchronized void entry(AttestationRecord entry) {
        AttestationRecord before = entries.put(entry.sequence().value(), entry);
        bytes += bytes(entry) - (before == null ? 0 : bytes(before));
        if (entry.stream().equals(StreamId.KEYS)) {
            keyEvents.add(entry);
        }
        next = entry.sequence().value() + 1;
        if (entry.predicateType() == dev.terraseal.core.statement.PredicateType.HEADS) {
            newestHeads = entry.sequence().value();
            entriesSinceHeads = false;
            firstSinceHeads = entry.sequence().value() + 1;
        } else if (!entry.stream().equals(StreamId.LOG)) {
            entriesSinceHeads = true;
        }
        while (entries.size() > ENTRIES_MAX
                || bytes > BYTES_MAX
                || !entries.isEmpty() && entries.firstKey() < checkpointSize - ENTRIES_MAX / 8) {
            bytes -= bytes(entries.pollFirstEntry().getValue());
        }
        notifyAll();
    }

    /** Of what grows with an entry: its statement, and signatures, which with ML-DSA may be more. */
    private static long bytes(AttestationRecord entry) {
        long sum = entry.statement().length();
        for (DsseSignature signature : entry.signatures()) {
            sum += signature.sig().length();
        }
        return sum;
    }

    public synchronized void checkpoint(SignedNote newest, long size) {
        if (size >= checkpointSize) {
            note = newest;
            checkpointSize = size;
            notifyAll();
        }
    }

    public synchronized Optional<AttestationRecord> entry(SequenceNumber sequence) {
        return Optional.ofNullable(entries.get(sequence.value()));
    }

    /** Every key event that went by since following began, oldest first. */
    public synchronized List<AttestationRecord> keyEvents() {
        return List.copyOf(keyEvents);
    }

    public synchronized Optional<SignedNote> checkpoint() {
        return Optional.ofNullable(note);
    }

    public synchronized long checkpointSize() {
        return checkpointSize;
    }

    /** One past the newest entry that went by. */
    public synchronized long size() {
        return next;
    }

    public synchronized boolean entriesSinceHeads() {
        return entriesSinceHeads;
    }

    /** How many entries went by since the newest heads entry, or since following began. */
    public synchronized long countSinceHeads() {
        return next - firstSinceHeads;
    }

    /**
     * Waits until the entry can be read, here or in the archive; false when {@code limit} passed first. One that has left
     * before the archive has it comes with the checkpoint that covers it.
     */
    public synchronized boolean awaitReadable(long sequence, Duration limit) throws InterruptedException {
        return await(() -> entries.containsKey(sequence) || checkpointSize > sequence, limit);
    }

    /** Waits until a checkpoint covers {@code sequence}; false when {@code limit} passed first. */
    public synchronized boolean awaitCheckpoint(long sequence, Duration limit) throws InterruptedException {
        return await(() -> checkpointSize > sequence, limit);
    }

    /** Waits for a heads entry at or above {@code sequence}; its sequence, or empty when {@code limit} passed first. */
    public synchronized Optional<SequenceNumber> awaitHeads(long sequence, Duration limit) throws InterruptedException {
        return await(() -> newestHeads >= sequence, limit)
                ? Optional.of(new SequenceNumber(newestHeads))
                : Optional.empty();
    }

    private boolean await(java.util.function.BooleanSupplier condition, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(Math.max(1, left / 1_000_000));
        }
        return true;
    }
}
