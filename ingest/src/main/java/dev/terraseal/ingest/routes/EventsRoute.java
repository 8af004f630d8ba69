package dev.terraseal.ingest.routes;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.index.Answer;
import dev.terraseal.ingest.Access;
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
import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.ingest.http.Reply;
import dev.terraseal.ingest.http.Request;
import dev.terraseal.ingest.http.Route;
import dev.terraseal.schemas.OutcomeRecord;
import dev.terraseal.schemas.json.EventJson;
import dev.terraseal.schemas.json.ParsedEvent;
import dev.terraseal.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /v1/events[?wait=signed|checkpoint][&timeout=SECONDS]}: one event or an array, all or none. */
public final class EventsRoute implements Route {
    private static final Logger LOG = LoggerFactory.getLogger(EventsRoute.class);
    private static final int BYTES_MAX = 4 << 20;
    private static final int EVENTS_MAX = 1000;
    private static final long TIMEOUT_MAX = 60;

    private final Access access;
    private final EventIntake intake;
    private final EventSender sender;
    private final KnownIds ids;
    private final SettledEvents settled;
    private final SentEvents sentEvents;
    private final LogTail tail;
    private final LogReader reader;
    private final Metrics metrics;

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
        this.reader = parts.reader();
        this.metrics = parts.metrics();
    }

    private enum Wait {
        NOT,
        SIGNED,
        CHECKPOINT
    }

    /** What became of one event of the request so far. {@code offset} is −1 for one that was not sent. */
    private record Fate(
            EventIntake.Ready event, long offset, @Nullable SequenceNumber sequence, String status) {}

    @Override
    public Reply answer(Request request) throws ProblemException, IOException, InterruptedException {
        request.requireMethod("POST");
        Optional<Tokens.Caller> caller = access.require(request);
        Wait wait = waitOf(request);
        Duration limit = Duration.ofSeconds(Math.min(TIMEOUT_MAX, request.number("timeout", 30)));
        List<EventIntake.Ready> ready = intake.prepare(parse(request), caller);
        List<Fate> fates = send(ready);
        if (wait != Wait.NOT) {
            fates = settle(fates, wait, System.nanoTime() + limit.toNanos());
        }
        return reply(fates, wait);
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

    private static List<ParsedEvent> parse(Request request) throws ProblemException, IOException {
        List<ParsedEvent> parsed;
        try {
            parsed = EventJson.parse(request.body(BYTES_MAX));
        } catch (JsonException notJson) {
            throw new ProblemException(400, "malformed-request", String.valueOf(notJson.getMessage()));
        }
        if (parsed.size() > EVENTS_MAX) {
            throw new ProblemException(413, "too-large", "a request takes 1,000 events, not " + parsed.size());
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
            if (answer instanceof Answer.OtherContent other) {
                throw conflict(event, other.contentPrefix(), other.sequence());
            }
            if (answer instanceof Answer.Same same) {
                fates.add(new Fate(event, -1, new SequenceNumber(same.sequence()), "duplicate"));
            } else {
                fates.add(new Fate(event, outgoing.size(), null, "accepted"));
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
            sentEvents.add(fate.event().event().stream(), fate.event().event().id(), offset);
            sent.add(new Fate(fate.event(), offset, null, fate.status()));
        }
        return sent;
    }

    private List<Fate> settle(List<Fate> fates, Wait wait, long deadline)
            throws ProblemException, InterruptedException {
        List<Fate> out = new ArrayList<>();
        for (Fate fate : fates) {
            Fate known = fate.sequence() == null ? awaitFate(fate, deadline) : fate;
            SequenceNumber sequence = known.sequence();
            if (wait == Wait.CHECKPOINT && sequence != null) {
                boolean covered = tail.awaitCheckpoint(sequence.value(), left(deadline));
                if (covered && known.status().equals("signed")) {
                    known = new Fate(known.event(), known.offset(), sequence, "checkpointed");
                }
            }
            out.add(known);
        }
        return out;
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    private Fate awaitFate(Fate fate, long deadline) throws ProblemException, InterruptedException {
        CompletableFuture<Settled> future = settled.await(fate.offset());
        if (future == null) {
            // As many wait as may: the answer is the one of a wait that timed out.
            return fate;
        }
        try {
            Settled outcome = future.get(left(deadline).toMillis(), TimeUnit.MILLISECONDS);
            if (outcome instanceof Settled.Rejected rejected) {
                throw rejected(fate.event(), rejected.outcome());
            }
            return outcome.fold(
                    signed -> new Fate(fate.event(), fate.offset(), signed.sequence(), "signed"),
                    duplicate -> new Fate(fate.event(), fate.offset(), duplicate.original(), "duplicate"),
                    never -> fate);
        } catch (TimeoutException stillPending) {
            return fate;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("nothing fails this future", impossible);
        } finally {
            settled.forget(fate.offset());
        }
    }

    private static ProblemException conflict(EventIntake.Ready event, String loggedPrefix, long sequence) {
        return new ProblemException(
                409,
                "id-conflict",
                "id '" + event.event().id() + "' of stream '" + event.event().stream() + "' is entry " + sequence
                        + " with other content; a new event needs a new id",
                Json.obj()
                        .put("id", event.event().id().value())
                        .put("loggedSha256", loggedPrefix)
                        .put("sequence", sequence)
                        .put("stream", event.event().stream().value())
                        .put("submittedSha256", event.contentDigest())
                        .build());
    }

    private static ProblemException rejected(EventIntake.Ready event, OutcomeRecord outcome) {
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
                "event '" + event.event().id() + "' of stream '" + event.event().stream() + "': " + outcome.message());
    }

    /** The archive may fail, but what is in the log was accepted: the answer says so, and the receipt is asked for later. */
    private Optional<Json> receipt(SequenceNumber sequence) {
        try {
            return reader.receipt(sequence).map(found -> CanonicalJson.parse(found.bytes()));
        } catch (StoreException notNow) {
            LOG.warn("event=receipt-left-out entry={} reason=\"{}\"", sequence, notNow.getMessage());
            return Optional.empty();
        }
    }

    private Reply reply(List<Fate> fates, Wait wait) {
        List<Json> events = new ArrayList<>();
        boolean allDuplicates = true;
        boolean allReceipts = wait != Wait.NOT;
        for (Fate fate : fates) {
            SequenceNumber sequence = fate.sequence();
            boolean wanted = wait != Wait.NOT || fate.status().equals("duplicate");
            Optional<Json> receipt = sequence == null || !wanted ? Optional.empty() : receipt(sequence);
            allDuplicates &= fate.status().equals("duplicate");
            allReceipts &= receipt.isPresent();
            events.add(Json.obj()
                    .put("id", fate.event().event().id().value())
                    .putIfPresent("receipt", receipt.orElse(null))
                    .putIfPresent("sequence", sequence == null ? null : Long.valueOf(sequence.value()))
                    .put("status", fate.status())
                    .put("stream", fate.event().event().stream().value())
                    .build());
        }
        int status = allDuplicates ? 200 : allReceipts ? 201 : 202;
        return Reply.json(status, Json.obj().put("events", Json.arr(events)).build());
    }
}
