package dev.terraseal.run.command;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.run.client.Answer;
import dev.terraseal.run.client.HttpLogClient;
import dev.terraseal.run.client.Problem;
import dev.terraseal.run.client.ReceiptJudge;
import dev.terraseal.run.client.SeenHead;
import dev.terraseal.run.client.SentEvent;
import dev.terraseal.run.client.Wait;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends many events in requests of many, and falls back to one by one where the pipeline refuses a request, so that one
 * bad line takes no good one with it.
 */
final class SubmissionOf {
    private static final int EVENTS_MAX = 500;
    private static final int BYTES_MAX = 2 << 20;

    private final HttpLogClient client;
    private final ReceiptJudge judge;
    /** As much as an event may be older than what it quotes before a verifier remarks on it. */
    private static final Duration OLDEST_QUOTING = Duration.ofMinutes(1);

    private final Wait until;
    private final InstantSource clock;

    SubmissionOf(HttpLogClient client, ReceiptJudge judge, boolean waiting, InstantSource clock) {
        this.client = client;
        this.judge = judge;
        this.clock = clock;
        this.until = waiting ? Wait.CHECKPOINT : Wait.ACCEPTED;
    }

    /**
     * What became of a line.
     *
     * @param number from 1
     * @param what for a person
     */
    record Line(
            int number,
            String id,
            int exitCode,
            String what,
            @Nullable Long sequence) {
        Json.Obj json() {
            return Json.obj()
                    .put("exitCode", exitCode)
                    .put("id", id)
                    .put("line", number)
                    .putIfPresent("sequence", sequence)
                    .put("what", what)
                    .build();
        }
    }

    /** @param quotedByUs whether we put in the checkpoint it quotes: who sends it again may quote a newer one */
    private record Event(int number, Bytes bytes, SentEvent sent, boolean quotedByUs) {
        Optional<String> difference(Statement statement) {
            return quotedByUs ? sent.contentDifference(statement) : sent.difference(statement);
        }
    }

    List<Line> send(Bytes input) throws InterruptedException {
        List<Line> out = new ArrayList<>();
        List<Event> events = new ArrayList<>();
        int size = 0;
        for (Event event : quoting(events(input, out))) {
            if (events.size() == EVENTS_MAX || size + event.bytes().length() > BYTES_MAX) {
                out.addAll(batch(events));
                events.clear();
                size = 0;
            }
            events.add(event);
            size += event.bytes().length() + 1;
        }
        out.addAll(batch(events));
        out.sort(java.util.Comparator.comparingInt(Line::number));
        return out;
    }

    /** Those that happen now and quote no checkpoint quote the newest one, as {@code run} does: they are younger than it. */
    private List<Event> quoting(List<Event> events) throws InterruptedException {
        Instant oldest = clock.instant().minus(OLDEST_QUOTING);
        if (events.stream().noneMatch(event -> mayQuote(event, oldest))) {
            return events;
        }
        Optional<Json.Obj> head = SeenHead.of(client.impatient());
        if (head.isEmpty()) {
            return events;
        }
        List<Event> out = new ArrayList<>();
        for (Event event : events) {
            out.add(
                    mayQuote(event, oldest)
                            ? new Event(
                                    event.number(),
                                    SeenHead.quoting(event.bytes(), event.sent(), head.get()),
                                    event.sent(),
                                    true)
                            : event);
        }
        return out;
    }

    private static boolean mayQuote(Event event, Instant oldest) {
        SentEvent.Claims claims = event.sent().claims();
        try {
            return !claims.quotesHead() && Timestamp.parse(claims.occurredAt()).epochMillis() >= oldest.toEpochMilli();
        } catch (IllegalArgumentException refusedByThePipeline) {
            return false;
        }
    }

    /** One event over many lines, or one a line; what is no event goes to {@code refused} and is not sent. */
    private static List<Event> events(Bytes input, List<Line> refused) {
        try {
            int end = input.length();
            while (end > 0 && input.at(end - 1) == '\n') {
                end--;
            }
            Bytes whole = input.slice(0, end);
            return List.of(new Event(1, whole, SentEvent.parse(whole), false));
        } catch (IllegalArgumentException several) {
            return lines(input, refused);
        }
    }

    private static List<Event> lines(Bytes input, List<Line> refused) {
        List<Event> out = new ArrayList<>();
        int number = 0;
        int from = 0;
        while (from < input.length()) {
            int to = from;
            while (to < input.length() && input.at(to) != '\n') {
                to++;
            }
            number++;
            Bytes line = input.slice(from, to);
            from = to + 1;
            if (isBlank(line)) {
                continue;
            }
            try {
                out.add(new Event(number, line, SentEvent.parse(line), false));
            } catch (IllegalArgumentException wrong) {
                refused.add(new Line(number, "(unreadable)", 2, String.valueOf(wrong.getMessage()), null));
            }
        }
        return out;
    }

    private static boolean isBlank(Bytes line) {
        for (int i = 0; i < line.length(); i++) {
            if (line.at(i) != ' ' && line.at(i) != '\r' && line.at(i) != '\t') {
                return false;
            }
        }
        return true;
    }

    private List<Line> batch(List<Event> events) throws InterruptedException {
        List<Line> out = new ArrayList<>();
        if (events.size() == 1) {
            out.add(settle(events.get(0), post(events.get(0)), Map.of()));
        } else if (events.size() > 1) {
            Answer answer =
                    client.post(array(events), events.stream().map(Event::sent).toList(), until);
            if (answer instanceof Answer.Refused) {
                for (Event event : events) {
                    out.add(settle(event, post(event), Map.of()));
                }
            } else {
                Map<String, Receipt> receipts = receipts(answer);
                for (Event event : events) {
                    out.add(settle(event, answer, receipts));
                }
            }
        }
        return out;
    }

    private Answer post(Event event) throws InterruptedException {
        return client.post(event.bytes(), List.of(event.sent()), until);
    }

    private static Bytes array(List<Event> events) {
        List<Bytes> parts = new ArrayList<>();
        for (Event event : events) {
            parts.add(Bytes.utf8(parts.isEmpty() ? "[" : ","));
            parts.add(event.bytes());
        }
        parts.add(Bytes.utf8("]"));
        return Bytes.concat(parts.toArray(new Bytes[0]));
    }

    private static Map<String, Receipt> receipts(Answer answer) {
        Map<String, Receipt> out = new HashMap<>();
        if (answer instanceof Answer.Recorded recorded) {
            for (Receipt receipt : recorded.receipts()) {
                out.put(
                        receipt.statement().stream() + "\n"
                                + receipt.statement().id(),
                        receipt);
            }
        }
        return out;
    }

    private Line settle(Event event, Answer answer, Map<String, Receipt> receipts) throws InterruptedException {
        String id = event.sent().id().value();
        int number = event.number();
        if (answer instanceof Answer.Refused refused) {
            return refused(event, refused.problem());
        }
        if (answer instanceof Answer.NotPermitted notPermitted) {
            return new Line(number, id, 3, notPermitted.problem().summary(), null);
        }
        if (answer instanceof Answer.Unavailable unavailable) {
            return new Line(number, id, 3, unavailable.reason(), null);
        }
        Map<String, Receipt> known = receipts.isEmpty() ? receipts(answer) : receipts;
        Receipt receipt = known.get(event.sent().stream() + "\n" + id);
        if (receipt == null && until == Wait.ACCEPTED) {
            return new Line(number, id, 0, "accepted", null);
        }
        return receipt == null ? awaited(event) : closed(event, receipt);
    }

    private Line awaited(Event event) throws InterruptedException {
        Answer later = client.awaitReceipt(event.sent().stream(), event.sent().id(), true);
        if (later instanceof Answer.Recorded recorded && !recorded.receipts().isEmpty()) {
            return closed(event, recorded.receipts().get(0));
        }
        if (later instanceof Answer.Refused refused) {
            return refused(event, refused.problem());
        }
        return new Line(event.number(), event.sent().id().value(), 3, "accepted, but no receipt came in time", null);
    }

    private static Line refused(Event event, Problem problem) {
        int exit = problem.isBadReceipt() ? 4 : problem.isOfPipeline() && problem.status() != 404 ? 2 : 3;
        return new Line(event.number(), event.sent().id().value(), exit, problem.summary(), null);
    }

    private Line closed(Event event, Receipt receipt) {
        long sequence = receipt.statement().sequence().value();
        String id = event.sent().id().value();
        Optional<String> difference = event.difference(receipt.statement());
        if (difference.isPresent()) {
            return new Line(
                    event.number(),
                    id,
                    4,
                    "entry " + sequence + " does not say what was sent: " + difference.get(),
                    sequence);
        }
        ReceiptJudge.Verdict verdict = judge.judge(receipt);
        if (verdict.worth() != ReceiptJudge.Worth.HOLDS) {
            boolean refused = verdict.worth() == ReceiptJudge.Worth.REFUSED;
            String what = refused ? ": its receipt does not hold: " : ": its receipt cannot be checked here: ";
            return new Line(
                    event.number(), id, refused ? 4 : 3, "entry " + sequence + what + verdict.reason(), sequence);
        }
        if (until == Wait.CHECKPOINT && (receipt.proof() == null)) {
            return new Line(event.number(), id, 3, "entry " + sequence + ", but no checkpoint covers it yet", sequence);
        }
        return new Line(event.number(), id, 0, "entry " + sequence, sequence);
    }
}
