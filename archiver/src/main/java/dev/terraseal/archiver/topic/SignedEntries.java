package dev.terraseal.archiver.topic;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.schemas.AttestationRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The signed entries of one log, in the order of the stream, committed ones only. Used by one thread, but for {@link
 * #behind}. What is read is not trusted. Implementations retry what passes within seconds.
 */
public interface SignedEntries extends AutoCloseable {
    /** What the stream holds: the first and the last sequence that are there. */
    record Extent(SequenceNumber oldest, SequenceNumber newest) {}

    /** What was there at the moment of the call; empty for a stream without entries. */
    Optional<Extent> extent();

    /**
     * Asks the stream whether it ends before that entry. Empty if it does; else why the entry may still come: there is more,
     * or nobody answered.
     */
    default Optional<String> mayReach(SequenceNumber sequence) {
        return extent().filter(there -> there.newest().compareTo(sequence) >= 0)
                .map(there -> "asked, it holds entries up to " + there.newest());
    }

    /**
     * The next {@link #poll} begins with {@code sequence}, or with the first entry after it if the stream begins later.
     * An entry that is not there yet is waited for.
     */
    void seek(SequenceNumber sequence);

    /**
     * The next entries, none if {@code atMost} passed without any. What is good before a record that is no attestation is
     * handed out first; that record is an {@link dev.terraseal.archiver.ArchiverStoppedException} of the next call.
     */
    List<AttestationRecord> poll(Duration atMost);

    /**
     * Records between what was read and the end, −1 before the first {@link #seek}. From any thread; it may ask, and then
     * takes half a second at most.
     */
    long behind();

    @Override
    void close();
}
