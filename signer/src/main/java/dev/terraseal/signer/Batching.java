package dev.terraseal.signer;

import dev.terraseal.core.log.LogDeclaration;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins to sign what was admitted: each statement by itself, or as many as have come meanwhile in one batch. One batch at a
 * time is under way, so that batches grow with the load and with the time a call takes, and nothing waits where little comes.
 * One thread, but for {@link #waiting} and {@link #inBatches}.
 */
final class Batching {
    private static final Logger LOG = LoggerFactory.getLogger(Batching.class);

    private final LogDeclaration log;
    private final BatchShelf shelf;
    private final SigningWindow window;
    private final int together;
    private final Gathering gathering;
    private final Changeover changeover;
    private long admitted;
    private volatile boolean inBatches;

    /** @param now in milliseconds */
    Batching(
            LogDeclaration log,
            BatchShelf shelf,
            SigningForm form,
            SigningWindow window,
            SigningWindow.Limits limits,
            long now) {
        this.log = log;
        this.shelf = shelf;
        this.window = window;
        this.together = limits.together();
        this.gathering = new Gathering(form, limits.bytes() / 2);
        this.changeover = new Changeover(form, now);
    }

    /** A batch that was kept before has the length it has, whatever the limits are now. */
    boolean hasRoom() {
        return gathering.kept() != null || window.hasRoom(gathering.size(), gathering.bytes());
    }

    void admit(Admitted statement, long now) {
        gathering.add(statement, now);
        admitted++;
    }

    /** @param all whether nothing more will come, so that no batch has to wait */
    void begin(long now, boolean all) {
        inBatches = changeover.batches(now, admitted, window.putOff().count());
        while (!gathering.isEmpty() && !window.isBlocked()) {
            if (!inBatches && gathering.kept() == null) {
                window.add(new SignEach(gathering.takeFirst(together)));
            } else if (!beginBatch(now, all)) {
                return;
            }
        }
    }

    private boolean beginBatch(long now, boolean all) {
        var kept = gathering.kept();
        List<Admitted> batch = gathering.cut(now, all);
        if (batch.isEmpty()) {
            return false;
        }
        // A batch of one is signed directly: it costs as much, and nothing has to be kept for it.
        boolean alone = batch.size() == 1 && kept == null;
        window.add(alone ? new SignEach(batch) : new SignBatch(log, shelf, batch, kept));
        return true;
    }

    /** Whether the first batch met an older one in its place: then that one is made next. */
    boolean takeBack() {
        SigningWindow.Displaced displaced = window.takeDisplaced();
        if (displaced == null) {
            return false;
        }
        LOG.warn(
                "event=batch_found first={} entries={} reason=\"its signer died before its entries were written\"",
                displaced.statements().get(0).statement().sequence(),
                displaced.statements().size());
        gathering.putBack(displaced.statements(), displaced.kept());
        return true;
    }

    /** How long the next batch may wait for more, at most {@code longest}. */
    Duration untilDue(long now, Duration longest) {
        if (gathering.isEmpty() || window.isBlocked() || gathering.kept() != null) {
            return longest;
        }
        Duration due = gathering.untilDue(now);
        return due.compareTo(longest) < 0 ? due : longest;
    }

    /** Statements that wait for others. */
    int waiting() {
        return gathering.size();
    }

    boolean inBatches() {
        return inBatches;
    }
}
