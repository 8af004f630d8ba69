package dev.terraseal.ingest.routes;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.ingest.Access;
import dev.terraseal.ingest.HeadsTicker;
import dev.terraseal.ingest.follow.LogTail;
import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.ingest.http.Reply;
import dev.terraseal.ingest.http.Request;
import dev.terraseal.ingest.http.Route;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * {@code POST /v1/heads}: a heads entry over everything that is in the log now, under a checkpoint. What an export asks
 * for, so that its end is provable.
 */
public final class HeadsRoute implements Route {
    private static final Duration LIMIT = Duration.ofSeconds(50);

    private final Access access;
    private final HeadsTicker ticker;
    private final LogTail tail;
    private final LongSupplier nanos;

    /** @param nanos the time as {@link System#nanoTime} counts it */
    public HeadsRoute(Access access, HeadsTicker ticker, LogTail tail, LongSupplier nanos) {
        this.access = access;
        this.ticker = ticker;
        this.tail = tail;
        this.nanos = nanos;
    }

    @Override
    public Reply answer(Request request) throws ProblemException, InterruptedException {
        request.requireMethod("POST");
        access.require(request);
        // One for all that is waited for: whoever asked gives up a minute after asking.
        long deadline = nanos.getAsLong() + LIMIT.toNanos();
        long size = tail.size();
        Json.Builder body = Json.obj();
        long covered = size - 1;
        if (tail.entriesSinceHeads()) {
            ticker.tick();
            Optional<SequenceNumber> heads = tail.awaitHeads(size, left(deadline));
            if (heads.isEmpty()) {
                throw ProblemException.unavailable("no heads entry came within " + LIMIT.toSeconds()
                        + " s; is the sequencer running, and the signer?");
            }
            body.put("sequence", heads.get().value());
            covered = heads.get().value();
        }
        if (covered >= 0 && !tail.awaitCheckpoint(covered, left(deadline))) {
            throw ProblemException.unavailable("no checkpoint covered entry " + covered + " within " + LIMIT.toSeconds()
                    + " s; is the archiver running?");
        }
        return Reply.json(200, body.put("size", tail.checkpointSize()).build());
    }

    private Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - nanos.getAsLong()));
    }
}
