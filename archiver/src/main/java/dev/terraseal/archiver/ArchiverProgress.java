package dev.terraseal.archiver;

import dev.terraseal.archiver.witness.Witnesses;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How far the archiver is and what it waits for, for metrics and readiness. Safe for concurrent use. */
public final class ArchiverProgress {
    private final AtomicLong checkpoint = new AtomicLong(-1);
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong inCheck = new AtomicLong();
    private volatile LongSupplier behind = () -> -1;
    private final AtomicReference<@Nullable Witnesses> witnesses = new AtomicReference<>();
    private final AtomicReference<@Nullable String> waiting = new AtomicReference<>("the archive is being read");

    /** The size of the newest checkpoint in the archive, −1 before the archive was read. */
    public long checkpointSize() {
        return checkpoint.get();
    }

    /** The sequence of the next entry to be read from the stream. */
    public long next() {
        return taken.get();
    }

    /** Why nothing moves just now, null while it does. */
    public @Nullable String waiting() {
        return waiting.get();
    }

    void archived(long size) {
        checkpoint.set(size);
    }

    /** Entries that were read and whose signatures are being verified. */
    public long inCheck() {
        return inCheck.get();
    }

    /**
     * Records on the topic that were not read yet, −1 before the archive was read. It asks, and does not go by what the
     * archiver saw last: that stands still while a store is waited for, when somebody has to see it grow.
     */
    public long behind() {
        return behind.getAsLong();
    }

    /** The size that a quorum of witnesses has cosigned, −1 if there is none or nobody is asked. */
    public long witnessedSize() {
        Witnesses asked = witnesses.get();
        return asked == null ? -1 : asked.quorumSize();
    }

    /** Witnesses that did not cosign when they were last asked. */
    public long witnessesTroubled() {
        Witnesses asked = witnesses.get();
        return asked == null ? 0 : asked.troubled();
    }

    void witnessedBy(Witnesses asked) {
        witnesses.set(asked);
    }

    void follows(LongSupplier unread) {
        behind = unread;
    }

    void checks(long checking) {
        inCheck.set(checking);
    }

    void took(long next) {
        taken.set(next);
    }

    void waits(String reason) {
        waiting.set(reason);
    }

    void goesOn() {
        waiting.set(null);
    }
}
