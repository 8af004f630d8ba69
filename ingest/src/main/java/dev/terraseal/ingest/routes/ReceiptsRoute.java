package dev.terraseal.ingest.routes;

import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.ingest.Access;
import dev.terraseal.ingest.LogReader;
import dev.terraseal.ingest.follow.KnownIds;
import dev.terraseal.ingest.follow.LogTail;
import dev.terraseal.ingest.follow.RecentRejections;
import dev.terraseal.ingest.follow.SentEvents;
import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.ingest.http.Reply;
import dev.terraseal.ingest.http.Request;
import dev.terraseal.ingest.http.Route;
import dev.terraseal.schemas.OutcomeRecord;
import dev.terraseal.store.StoreException;
import java.time.Duration;
import java.util.Optional;

/** {@code GET /v1/receipts?stream=S&id=I} or {@code ?sequence=N}. */
public final class ReceiptsRoute implements Route {
    private final Access access;
    private final LogReader reader;
    private final LogTail tail;
    private final KnownIds ids;
    private final RecentRejections rejections;
    private final SentEvents sent;

    public ReceiptsRoute(
            Access access, LogReader reader, LogTail tail, KnownIds ids, RecentRejections rejections, SentEvents sent) {
        this.access = access;
        this.reader = reader;
        this.tail = tail;
        this.ids = ids;
        this.rejections = rejections;
        this.sent = sent;
    }

    @Override
    public Reply answer(Request request) throws ProblemException, StoreException {
        request.requireMethod("GET");
        access.require(request);
        if (request.query("sequence").isPresent()) {
            SequenceNumber sequence = new SequenceNumber(Math.min(request.number("sequence", 0), (1L << 53) - 1));
            if (sequence.value() >= tail.size()) {
                throw new ProblemException(
                        404, "not-found", "the log has no entry " + sequence + " yet; its size is " + tail.size());
            }
            return receipt(sequence);
        }
        StreamId stream;
        EventId id;
        try {
            stream = new StreamId(request.query("stream").orElse(""));
            id = new EventId(request.query("id").orElse(""));
        } catch (IllegalArgumentException malformed) {
            throw new ProblemException(400, "bad-query", String.valueOf(malformed.getMessage()));
        }
        return byId(stream, id);
    }

    private Reply byId(StreamId stream, EventId id) throws ProblemException, StoreException {
        Optional<SequenceNumber> sequence = ids.sequence(stream, id);
        if (sequence.isPresent()) {
            return receipt(sequence.get());
        }
        Optional<OutcomeRecord> rejected = rejections.find(stream, id);
        if (rejected.isPresent()) {
            throw new ProblemException(
                    422,
                    String.valueOf(rejected.get().reason()),
                    String.valueOf(rejected.get().message()));
        }
        if (sent.contains(stream, id)) {
            return pending();
        }
        if (!ids.isComplete()) {
            throw ProblemException.unavailable(
                    "the ids of the log are still being read (" + ids.size() + " so far); ask again");
        }
        throw new ProblemException(
                404,
                "not-found",
                "no event '" + id + "' in stream '" + stream
                        + "' is in the log or on its way from here; terraseal rejected list names what was refused");
    }

    private Reply receipt(SequenceNumber sequence) throws StoreException {
        Optional<Receipt> receipt = reader.receipt(sequence);
        if (receipt.isEmpty()) {
            return pending();
        }
        return Reply.bytes(200, "application/json", receipt.get().bytes());
    }

    private static Reply pending() {
        return Reply.json(202, Json.obj().put("status", "pending").build()).retryAfter(Duration.ofSeconds(1));
    }
}
