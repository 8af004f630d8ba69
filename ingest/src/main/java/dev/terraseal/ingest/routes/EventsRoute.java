package dev.terraseal.ingest.routes;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.index.Answer;
import dev.terraseal.ingest.Access;
import dev.terraseal.ingest.AnswerReceipts;
import dev.terraseal.ingest.EventIntake;
import dev.terraseal.ingest.EventSender;
import dev.terraseal.ingest.LogReader;
import dev.terraseal.ingest.Metrics;
import dev.terraseal.ingest.Tokens;
import dev.terraseal.ingest.follow.KnownIds;
import dev.terraseal.ingest.follow.LogTail;
import dev.terraseal.ingest.follow.SentEvents;
import dev.terraseal.ingest.follow.Settled;
import dev.terraseal.ingest.follow.SettledEvents;
import dev.terraseal.ingest.http.ByteBudget;
import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.ingest.http.Reply;
import dev.terraseal.ingest.http.Request;
import dev.terraseal.ingest.http.Route;
import dev.terraseal.schemas.OutcomeRecord;
import dev.terraseal.schemas.json.EventJson;
import dev.terraseal.schemas.json.ParsedEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code POST /v1/events[?wait=signed|checkpoint][&timeout=SECONDS]}: one event or an array, all or none. */
public final class EventsRoute implements Route {
    private static final int BYTES_MAX = 4 << 20;
    /** Of requests that are being read and sent, together. JSON takes up to thirty times its length while it is read. */
    private static final long BODIES_BYTES = 16L << 20;

    private static final int EVENTS_MAX = 1000;
    private static final long TIMEOUT_MAX = 60;
    /** For receipts of duplicates nobody waits for. */
    private static final Duration RECEIPTS_LIMIT = Duration.ofSeconds(5);
    /** Where the client's time is used up; our own client gives an answer two seconds more than it asks for. */
    private static final Duration RECEIPTS_LEAST = Duration.ofSeconds(1);

    private final Access access;
    private final EventIntake intake;
    private final EventSender sender;
    private final KnownIds ids;
    private final SettledEvents settled;
    private final SentEvents sentEvents;
    private final LogTail tail;
    private final Metrics metrics;
    private final EventsAnswer answers;
    private final ByteBudget bodies = new ByteBudget(BODIES_BYTES);

    /** What this route works with; all of it is shared with others. */
    public record Parts(
            Access access,
            EventIntake intake,
            EventSender sender,
            KnownIds ids,
            SettledEvents settled,
            SentEvents sent,
            LogTail tail,
            LogReader reader,
            Metrics metrics) {}

    public EventsRoute(Parts parts) {
        this.access = parts.access();
        this.intake = parts.intake();
        this.sender = parts.sender();
        this.ids = parts.ids();
        this.settled = parts.settled();
        this.sentEvents = parts.sent();
        this.tail = parts.tail();
        this.metrics = parts.metrics();
        this.answers = new EventsAnswer(new AnswerReceipts(parts.reader()));
    }

    private enum Wait {
        NOT,
        SIGNED,
        CHECKPOINT
    }

    @Override
    public Reply answer(Request request) throws ProblemException, IOException, InterruptedException {
        request.requireMethod("POST");
        Optional<Tokens.Caller> caller = access.require(request);
        request.requireJson();
        Wait wait = waitOf(request);
        Duration limit = Duration.ofSeconds(Math.min(TIMEOUT_MAX, request.number("timeout", 30)));
        long deadline = System.nanoTime() + limit.toNanos();
        List<Fate> fates = accept(request, caller);
        if (wait == Wait.NOT) {
            return answers.of(request, fates, false, RECEIPTS_LIMIT);
        }
        fates = settle(fates, wait, deadline);
        Duration left = left(deadline);
        return answers.of(request, fates, true, left.compareTo(RECEIPTS_LEAST) > 0 ? left : RECEIPTS_LEAST);
    }

    /** Reads, checks and sends the events. What they take in memory is given back then: only their names are waited for. */
    private List<Fate> accept(Request request, Optional<Tokens.Caller> caller)
            throws ProblemException, IOException, InterruptedException {
        try (ByteBudget.Share held = bodies.share()) {
            return send(intake.prepare(parse(request.body(BYTES_MAX, held)), caller));
        }
    }

    private static Wait waitOf(Request request) throws ProblemException {
        String text = request.query("wait").orElse("");
        return switch (text) {
            case "" -> Wait.NOT;
            case "signed" -> Wait.SIGNED;
            case "checkpoint" -> Wait.CHECKPOINT;
            default ->
                throw new ProblemException(400, "bad-query", "'wait' is signed or checkpoint, not '" + text + "'");
        };
    }

    private static List<ParsedEvent> parse(Bytes body) throws ProblemException {
        List<ParsedEvent> parsed;
        try {
            parsed = EventJson.parse(body, EVENTS_MAX);
        } catch (JsonException notJson) {
            throw new ProblemException(400, "malformed-request", String.valueOf(notJson.getMessage()));
        }
        if (parsed.size() > EVENTS_MAX) {
            throw new ProblemException(413, "too-large", "a request takes 1,000 events, and this one has more");
        }
        if (parsed.isEmpty()) {
            throw new ProblemException(400, "malformed-request", "the array holds no event");
        }
        return parsed;
    }

    /** Sends what the log has not already; what it has is answered without a round through it. */
    private List<Fate> send(List<EventIntake.Ready> ready) throws ProblemException, InterruptedException {
        List<Fate> fates = new ArrayList<>();
        List<EventSender.Outgoing> outgoing = new ArrayList<>();
        for (EventIntake.Ready event : ready) {
            Answer answer = ids.find(event.event().stream(), event.event().id(), event.contentDigest());
            Fate fate = new Fate(
                    event.event().stream(),
                    event.event().id(),
                    event.contentDigest().hex(),
                    -1,
                    null,
                    "accepted",
                    null);
            if (answer instanceof Answer.OtherContent other) {
                throw conflict(fate, other.contentPrefix(), other.sequence());
            }
            if (answer instanceof Answer.Same same) {
                fates.add(fate.become("duplicate", new SequenceNumber(same.sequence())));
            } else {
                fates.add(fate.sentAt(outgoing.size()));
                outgoing.add(new EventSender.Outgoing(event.event().stream(), event.framed()));
            }
        }
        List<Long> offsets = outgoing.isEmpty() ? List.of() : sender.send(outgoing);
        metrics.count("terraseal_ingest_events_total", "outcome=\"accepted\"", outgoing.size());
        metrics.count("terraseal_ingest_events_total", "outcome=\"duplicate\"", fates.size() - outgoing.size());
        List<Fate> sent = new ArrayList<>();
        for (Fate fate : fates) {
            if (fate.offset() < 0) {
                sent.add(fate);
                continue;
            }
            long offset = offsets.get((int) fate.offset());
            sentEvents.add(fate.stream(), fate.id(), offset);
            sent.add(fate.sentAt(offset));
        }
        return sent;
    }

    private List<Fate> settle(List<Fate> fates, Wait wait, long deadline) throws InterruptedException {
        List<Fate> out = new ArrayList<>();
        for (Fate fate : fates) {
            Fate known = fate.offset() >= 0 ? awaitFate(fate, deadline) : fate;
            SequenceNumber sequence = known.sequence();
            if (wait == Wait.CHECKPOINT && sequence != null) {
                boolean covered = tail.awaitCheckpoint(sequence.value(), left(deadline));
                if (covered && known.is("signed")) {
                    known = known.become("checkpointed", sequence);
                }
            }
            out.add(known);
        }
        return out;
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    private Fate awaitFate(Fate fate, long deadline) throws InterruptedException {
        CompletableFuture<Settled> future = settled.await(fate.offset());
        if (future == null) {
            // As many wait as may: the answer is the one of a wait that timed out.
            return fate;
        }
        try {
            Settled outcome = future.get(left(deadline).toMillis(), TimeUnit.MILLISECONDS);
            return outcome.fold(
                    signed -> fate.become("signed", signed.sequence()),
                    duplicate -> fate.become("duplicate", duplicate.original()),
                    rejected -> fate.rejected(rejection(fate, rejected.outcome())));
        } catch (TimeoutException stillPending) {
            return fate;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("nothing fails this future", impossible);
        } finally {
            settled.forget(fate.offset());
        }
    }

    private static ProblemException conflict(Fate event, String loggedPrefix, long sequence) {
        return new ProblemException(
                409,
                "id-conflict",
                "id '" + event.id() + "' of stream '" + event.stream() + "' is entry " + sequence
                        + " with other content; a new event needs a new id",
                Json.obj()
                        .put("id", event.id().value())
                        .put("loggedSha256", loggedPrefix)
                        .put("sequence", sequence)
                        .put("stream", event.stream().value())
                        .put("submittedSha256", event.contentSha256())
                        .build());
    }

    private static ProblemException rejection(Fate event, OutcomeRecord outcome) {
        SequenceNumber sequence = outcome.sequence();
        if (sequence != null && outcome.originalContent() != null) {
            return conflict(event, outcome.originalContent().hex(), sequence.value());
        }
        if (sequence != null) {
            return conflict(event, "unknown", sequence.value());
        }
        return new ProblemException(
                422,
                String.valueOf(outcome.reason()),
                "event '" + event.id() + "' of stream '" + event.stream() + "': " + outcome.message());
    }
}
