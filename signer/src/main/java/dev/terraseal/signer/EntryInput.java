package dev.terraseal.signer;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.signer.check.Entry;
import dev.terraseal.signer.check.RefusedEntryException;
import java.time.Duration;
import java.util.List;

/** Where entries come from, in order. One thread, but for {@link #wake} and {@link #behind}. */
interface EntryInput extends AutoCloseable {
    /**
     * Goes to the entry with that sequence; to the end if entries do not reach so far yet, to the first that is left if
     * it was trimmed.
     */
    void seek(SequenceNumber sequence);

    /**
     * Every key event from that sequence on that is on the topic now, oldest first. Where {@link #poll} stands is lost.
     *
     * @throws RefusedEntryException if one of them is not there any more
     */
    List<Entry> keyEvents(SequenceNumber from) throws RefusedEntryException;

    /** The next entries; none if nothing came in that time, or after {@link #wake}. */
    List<Entry> poll(Duration atMost) throws RefusedEntryException;

    /** Makes a running {@link #poll}, or else the next one, return at once. From any thread. */
    void wake();

    /**
     * Records on the topic from the entry with sequence {@code next} on, also those that {@link #poll} has handed out. From
     * any thread; it may ask, and then takes half a second at most.
     */
    long behind(long next);

    @Override
    void close();
}
