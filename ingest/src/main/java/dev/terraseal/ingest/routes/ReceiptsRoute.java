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
import dev.terraseal.ingest.follow.SettledEvents;
import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.ingest.http.Reply;
import dev.terraseal.ingest.http.Request;
import dev.terraseal.ingest.http.Route;
import dev.terraseal.schemas.OutcomeRecord;
import dev.terraseal.store.StoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code GET /v1/receipts?stream=S&id=I} or {@code ?sequence=N}. */
public final class ReceiptsRoute implements Route {
    /** Long enough for what is on its way while all is well; less than any caller waits. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Access access;
    private final LogReader reader;
    private final Known known;

    /** Says whether no event is on its way into the log; false also where that is not known within {@code limit}. */
    public interface NoneOpen {
        boolean within(Duration limit) throws InterruptedException;
    }

    /** What is known of events, in the log and before it; all of it is shared with others. */
    public record Known(
            LogTail tail,
            KnownIds ids,
            RecentRejections rejections,
            SentEvents sent,
            SettledEvents settled,
            NoneOpen noneOpen) {}

    public ReceiptsRoute(Access access, LogReader reader, Known known) {
        this.access = access;
        this.reader = reader;
        this.known = known;
    }

    @Override
    public Reply answer(Request request) throws ProblemException, StoreException, InterruptedException {
        request.requireMethod("GET");
        access.require(request);
        if (request.query("sequence").isPresent()) {
            SequenceNumber sequence = new SequenceNumber(Math.min(request.number("sequence", 0), (1L << 53) - 1));
            long size = known.tail().size();
            if (sequence.value() >= size) {
                throw new ProblemException(
                        404, "not-found", "the log has no entry " + sequence + " yet; its size is " + size);
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

    private Reply byId(StreamId stream, EventId id) throws ProblemException, StoreException, InterruptedException {
        Optional<Reply> answer = known(stream, id, false);
        if (answer.isPresent()) {
            return answer.get();
        }
        Optional<String> incomplete = known.ids().incomplete();
        if (incomplete.isPresent()) {
            throw new ProblemException(503, "ids-incomplete", incomplete.get());
        }
        if (!known.ids().isComplete()) {
            throw ProblemException.unavailable(
                    "the ids of the log are still being read (" + known.ids().size() + " so far); ask again");
        }
        if (!known.noneOpen().within(PATIENCE)) {
            throw ProblemException.unavailable("it is not known yet whether event '" + id + "' of stream '" + stream
                    + "' is on its way: Kafka has events that are neither in the log nor rejected, or does not say;"
                    + " ask again. Are the sequencer and the signer running?");
        }
        Optional<Reply> settled = known(stream, id, true);
        if (settled.isPresent()) {
            return settled.get();
        }
        throw new ProblemException(
                404,
                "not-found",
                "no event '" + id + "' in stream '" + stream
                        + "' is in the log or on its way; terraseal rejected list names what was refused");
    }

    /**
     * What can be said of an event; empty where nothing can.
     *
     * @param noneOpen whether no event was on its way a moment ago, so that a rejection is the last word
     */
    private Optional<Reply> known(StreamId stream, EventId id, boolean noneOpen)
            throws ProblemException, StoreException {
        Optional<SequenceNumber> sequence = known.ids().sequence(stream, id);
        if (sequence.isPresent()) {
            return Optional.of(receipt(sequence.get()));
        }
        OptionalLong sent = known.sent().offset(stream, id);
        Optional<OutcomeRecord> rejected = known.rejections().find(stream, id);
        // The same event may have been sent again since, by whoever mended what it was rejected for.
        boolean last = rejected.isPresent()
                && (sent.isPresent() ? rejected.get().sourceOffset() >= sent.getAsLong() : noneOpen);
        if (last) {
            throw new ProblemException(
                    422,
                    String.valueOf(rejected.get().reason()),
                    String.valueOf(rejected.get().message()));
        }
        // One that is settled and neither in the log nor among the newest rejections is among the older ones.
        boolean pending = sent.isPresent() && !known.settled().isSettled(sent.getAsLong());
        return pending ? Optional.of(pending()) : Optional.empty();
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
