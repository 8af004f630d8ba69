package dev.terraseal.sequencer;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts for metrics and health, read from any thread. They start at 0 with the process and say nothing of the log. */
public final class SequencerProgress {
    private final LongAdder accepted = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final AtomicLong ids = new AtomicLong();
    private final AtomicLong idBytes = new AtomicLong();
    private final AtomicLong streams = new AtomicLong();

    void accept() {
        accepted.increment();
    }

    void duplicate() {
        duplicates.increment();
    }

    void reject() {
        rejected.increment();
    }

    void index(long entries, long bytes, long named) {
        ids.set(entries);
        idBytes.set(bytes);
        streams.set(named);
    }

    /** Events accepted, aborted transactions included. */
    public long accepted() {
        return accepted.sum();
    }

    public long duplicates() {
        return duplicates.sum();
    }

    public long rejected() {
        return rejected.sum();
    }

    /** Ids in the index of the log that filled a chunk last. */
    public long ids() {
        return ids.get();
    }

    /** Heap the index holds, in bytes. */
    public long idBytes() {
        return idBytes.get();
    }

    public long streams() {
        return streams.get();
    }
}
