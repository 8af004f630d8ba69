package dev.terraseal.ingest.follow;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.statement.StatementIdentity;
import dev.terraseal.kafka.Topics;
import dev.terraseal.store.StoreException;
import java.util.List;
import java.util.Optional;
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
    private final Optional<Digest> newestHash;
    private final CountDownLatch closing;

    /**
     * @param newestHash of the entry below the oldest one on the topic
     * @param closing ends {@link #load} and its pauses
     */
    ArchivedIds(ArchivedEntries archive, KnownIds ids, Optional<Digest> newestHash, CountDownLatch closing) {
        this.archive = archive;
        this.ids = ids;
        this.newestHash = newestHash;
        this.closing = closing;
    }

    /** Adds every entry below {@code end}; false where it was stopped, or nothing says which entries these are. */
    boolean load(long end) {
        if (end > 0 && newestHash.isEmpty()) {
            LOG.error(
                    "event=ids-incomplete entries_below={} reason=\"the archive holds them and {} has no entry that follows"
                            + " them, so they cannot be told from what others put into the archive; events are accepted, and"
                            + " receipts of these are found by sequence. Was the topic emptied by hand?\"",
                    end,
                    Topics.ATTESTATIONS);
            return false;
        }
        Digest hash = newestHash.orElse(Digest.of());
        long next = end - 1;
        while (next >= 0 && !isClosing()) {
            List<ArchivedEntries.Line> lines = segment(new SequenceNumber(next), hash);
            if (!lines.isEmpty()) {
                lines.forEach(line -> ids.add(line.statement()));
                hash = StatementIdentity.scan(lines.get(0).statement()).prevHash();
                next = lines.get(0).sequence().value() - 1;
            }
        }
        return next < 0;
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
