package dev.terraseal.ingest.follow;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.statement.StatementIdentity;
import dev.terraseal.kafka.Topics;
import dev.terraseal.store.StoreException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ids of entries that {@code topics trim} took off the topic, read from the archive downwards: the oldest entry on the
 * topic names the hash of the one below it, and so on to the first. Upwards, a segment that somebody planted in the bucket
 * would pass for the log's, and whoever sent one of its events would be told "duplicate" of an event that is in no log.
 */
final class ArchivedIds {
    private static final Logger LOG = LoggerFactory.getLogger(ArchivedIds.class);

    private final ArchivedEntries archive;
    private final KnownIds ids;
    private final CountDownLatch closing;

    /** @param closing ends {@link #load} and its pauses */
    ArchivedIds(ArchivedEntries archive, KnownIds ids, CountDownLatch closing) {
        this.archive = archive;
        this.ids = ids;
        this.closing = closing;
    }

    /**
     * Adds every entry from {@code first} up to the one below {@code end}; false where it was stopped.
     *
     * @param newestHash of the entry below {@code end}, as the one at {@code end} names it
     */
    boolean load(long first, long end, Digest newestHash) {
        Digest hash = newestHash;
        long next = end - 1;
        while (next >= first && !isClosing()) {
            List<ArchivedEntries.Line> lines = segment(new SequenceNumber(next), hash);
            if (!lines.isEmpty()) {
                lines.forEach(line -> ids.add(line.statement()));
                hash = StatementIdentity.scan(lines.get(0).statement()).prevHash();
                next = lines.get(0).sequence().value() - 1;
            }
        }
        return next < first;
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** The entries up to {@code last}; waits for a store that does not answer, for ids may lag. Empty once closing. */
    private List<ArchivedEntries.Line> segment(SequenceNumber last, Digest hash) {
        for (long pause = 1; !isClosing(); pause = Math.min(60, 2 * pause)) {
            try {
                List<ArchivedEntries.Line> lines = archive.downFrom(last, hash);
                if (lines.isEmpty()) {
                    throw new IllegalStateException("entry " + last + " is neither on " + Topics.ATTESTATIONS
                            + " nor in the archive, but entries above it are in the log; check it with"
                            + " 'terraseal verify ARCHIVE'");
                }
                return lines;
            } catch (StoreException notNow) {
                LOG.warn("event=ids-wait entry={} pause_s={} reason=\"{}\"", last, pause, notNow.getMessage());
                await(pause);
            }
        }
        return List.of();
    }

    private void await(long seconds) {
        try {
            closing.await(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            throw new InterruptException(stop);
        }
    }
}
