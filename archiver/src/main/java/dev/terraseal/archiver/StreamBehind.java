package dev.terraseal.archiver;

import dev.terraseal.archiver.topic.SignedEntries;
import dev.terraseal.core.bytes.SequenceNumber;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stream that ends before the archive: after a loss of power it is made again and comes up to it, after a loss of topics
 * never. Who takes the one for the other stops a log for nothing, so only time counts in which the stream was really read and
 * gave nothing, and then it is asked where it ends. One thread.
 */
final class StreamBehind {
    /** No turn takes longer by itself; where the clock says so, it was set, or something else was waited for. */
    private static final Duration LONGEST_STEP = Duration.ofSeconds(1);

    private final SignedEntries entries;
    private final Duration limit;
    private long next;
    private Instant last;
    private Duration still = Duration.ZERO;
    private String hope = "";

    /** @param next the entry that is expected */
    StreamBehind(SignedEntries entries, Duration limit, long next, Instant now) {
        this.entries = entries;
        this.limit = limit;
        this.next = next;
        this.last = now;
    }

    /**
     * What is waited for; null once the stream has come up to the archive.
     *
     * @param expected the entry that is expected now
     * @param archivedEnd one past the newest entry of the archive
     * @throws ArchiverStoppedException if the stream gave nothing for too long and, asked, holds nothing more
     */
    @Nullable String waitsFor(long expected, long archivedEnd, Instant now) {
        count(expected, now);
        if (expected >= archivedEnd) {
            return null;
        }
        String what = "the topic terraseal.attestations ends before entry " + expected
                + ", but the archive holds entries up to " + (archivedEnd - 1);
        if (still.compareTo(limit) > 0) {
            hope = "; " + entries.mayReach(new SequenceNumber(expected)).orElseThrow(() -> lost(what));
            still = Duration.ZERO;
        }
        return what + hope;
    }

    private void count(long expected, Instant now) {
        Duration step = Duration.between(last, now);
        last = now;
        if (expected > next) {
            next = expected;
            still = Duration.ZERO;
            hope = "";
        } else if (!step.isNegative()) {
            still = still.plus(step.compareTo(LONGEST_STEP) > 0 ? LONGEST_STEP : step);
        }
    }

    private ArchiverStoppedException lost(String what) {
        return new ArchiverStoppedException(what + ", and nothing came for " + limit.toSeconds()
                + " s: the topics were lost or put back from an old copy. Bring their newest"
                + " data back; where it is gone for good, stop the services and take the log up from its"
                + " archive: terraseal log resume");
    }
}
