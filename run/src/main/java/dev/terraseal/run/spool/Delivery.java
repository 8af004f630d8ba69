package dev.terraseal.run.spool;

import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.run.client.Answer;
import dev.terraseal.run.client.HttpLogClient;
import dev.terraseal.run.client.Pause;
import dev.terraseal.run.client.Problem;
import dev.terraseal.run.client.ReceiptJudge;
import dev.terraseal.run.client.SentEvent;
import dev.terraseal.run.client.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends waiting events: within a stream one after the other, each only when the one before was answered, so that a
 * stream's order is the order in which its runs ended. What cannot be sent now stays; what can never be accepted moves
 * to {@code evidence/} with the pipeline's answer.
 */
public final class Delivery {
    private static final String STOPPED = "a signal ended the sending before the pipeline had answered for it";

    private final Spool spool;
    private final HttpLogClient client;
    private final ReceiptJudge judge;
    private final Duration patience;

    /** @param patience how long to wait for another process that sends the same stream */
    public Delivery(Spool spool, HttpLogClient client, ReceiptJudge judge, Duration patience) {
        this.spool = spool;
        this.client = client;
        this.judge = judge;
        this.patience = patience;
    }

    /** How far an event came. */
    public enum Status {
        /** On the pipeline's disks. */
        ACCEPTED,
        /** In the log, with a receipt that says what was sent and holds. */
        RECORDED,
        /** The same, and less is known than was asked for: no checkpoint, or a signature nobody here can check. */
        UNPROVEN,
        /** Still in the queue. */
        WAITING,
        /** Never acceptable as it is; kept as evidence. */
        REFUSED,
        /** The receipt says something else than what was sent, or does not hold; both are kept as evidence. */
        DISAGREES
    }

    /**
     * @param reason for a person; empty where all is well
     * @param kept where evidence was put, or null
     */
    public record Sent(
            SpooledEvent event,
            Status status,
            @Nullable Receipt receipt,
            String reason,
            @Nullable Path kept) {}

    /** Whether receipts are held to a log that somebody named. */
    public boolean isPinned() {
        return judge.isPinned();
    }

    /** What is being sent, and all after it, stays in the queue; whoever sends it gets the answer at once. */
    public void stop() {
        client.waiting().stop();
    }

    /** Sends everything that waits; waits for a receipt only of the last of each stream. */
    public List<Sent> all(Wait wait) throws IOException {
        Set<StreamId> streams = new LinkedHashSet<>();
        for (SpooledEvent event : spool.queued()) {
            streams.add(event.stream());
        }
        List<Sent> out = new ArrayList<>();
        for (StreamId stream : streams) {
            List<SpooledEvent> waiting = waiting(stream);
            try {
                if (!waiting.isEmpty()) {
                    out.addAll(stream(stream, waiting.get(waiting.size() - 1), wait));
                }
            } catch (IOException disk) {
                waiting.forEach(event -> out.add(waits(event, "the spool: " + disk)));
            }
        }
        return out;
    }

    /**
     * Sends what waits in the stream of {@code ours} and waits for the receipt of that one, wherever it stands in the
     * queue. Where another process has sent it already, its receipt is asked for.
     */
    public List<Sent> with(SpooledEvent ours, Wait wait) throws IOException, InterruptedException {
        List<Sent> out = new ArrayList<>(stream(ours.stream(), ours, wait));
        if (out.stream().noneMatch(sent -> sent.event().equals(ours))) {
            out.add(sentByAnother(ours, wait));
        }
        return out;
    }

    /**
     * Sends an event that lies in no queue, after what waits of its stream, where that can be read and sent. On any other
     * status than {@link Status#WAITING} its file is gone.
     */
    public Sent direct(SpooledEvent event, Wait wait) throws IOException, InterruptedException {
        List<SpooledEvent> before = List.of();
        try {
            before = waiting(event.stream());
        } catch (IOException unreadable) {
            // It is why this event is here. What cannot be read cannot be sent, and this one is in memory alone.
        }
        for (SpooledEvent earlier : before) {
            Sent sent = send(earlier, Wait.ACCEPTED);
            if (sent.status() == Status.WAITING) {
                return waits(event, sent.reason());
            }
        }
        return send(event, wait);
    }

    private List<Sent> stream(StreamId stream, SpooledEvent wanted, Wait wait) throws IOException {
        try (FileLease turn = spool.sending(stream, patience, client.waiting().stoppable(Pause.sleeping()))) {
            return inOrder(waiting(stream), turn != null, wanted, wait);
        } catch (InterruptedException stopped) {
            return waiting(stream).stream().map(event -> waits(event, STOPPED)).toList();
        }
    }

    private List<Sent> inOrder(List<SpooledEvent> waiting, boolean ourTurn, SpooledEvent wanted, Wait wait) {
        List<Sent> out = new ArrayList<>();
        String reason = ourTurn ? "" : "another process is sending this stream";
        for (SpooledEvent event : waiting) {
            Sent sent =
                    reason.isEmpty() ? send(event, event.equals(wanted) ? wait : Wait.ACCEPTED) : waits(event, reason);
            out.add(sent);
            reason = sent.status() == Status.WAITING ? sent.reason() : "";
        }
        return out;
    }

    private static Sent waits(SpooledEvent event, String reason) {
        return new Sent(event, Status.WAITING, null, reason, null);
    }

    private List<SpooledEvent> waiting(StreamId stream) throws IOException {
        List<SpooledEvent> out = new ArrayList<>();
        for (SpooledEvent event : spool.queued()) {
            if (event.stream().equals(stream)) {
                out.add(event);
            }
        }
        return out;
    }

    /** What this machine's disk refuses keeps this event, and no other stream. */
    private Sent send(SpooledEvent event, Wait wait) {
        try {
            SentEvent sent = SentEvent.parse(event.bytes());
            Attachments attachments = new Attachments(spool, client);
            String failure = attachments.send(sent);
            if (!failure.isEmpty()) {
                return waits(event, failure);
            }
            Answer answer = client.post(event.bytes(), List.of(sent), wait);
            Sent result = settle(event, sent, answer, wait);
            if (result.status() != Status.WAITING) {
                attachments.forget(sent);
            }
            return result;
        } catch (IOException disk) {
            return waits(event, "the spool: " + disk);
        } catch (InterruptedException stopped) {
            return waits(event, STOPPED);
        }
    }

    private Sent settle(SpooledEvent event, SentEvent sent, Answer answer, Wait wait)
            throws IOException, InterruptedException {
        if (answer instanceof Answer.Refused refused) {
            return refused(event, refused.problem());
        }
        if (answer instanceof Answer.NotPermitted notPermitted) {
            return waits(event, notPermitted.problem().summary() + "; the token comes from TERRASEAL_TOKEN");
        }
        if (answer instanceof Answer.Unavailable unavailable) {
            return waits(event, unavailable.reason());
        }
        if (wait == Wait.ACCEPTED) {
            spool.sent(event);
            return new Sent(event, Status.ACCEPTED, null, "", null);
        }
        Receipt receipt = receiptOf(answer);
        boolean enough = receipt != null && (wait != Wait.CHECKPOINT || receipt.proof() != null);
        Answer later = enough ? answer : client.awaitReceipt(event.stream(), event.id(), wait == Wait.CHECKPOINT);
        return receipt != null && receiptOf(later) == null
                ? judged(event, sent, receipt, wait)
                : asked(event, sent, later, wait);
    }

    private Sent refused(SpooledEvent event, Problem problem) throws IOException {
        Json.Obj answer = Json.obj()
                .put("code", problem.code())
                .put("detail", problem.summary())
                .put("status", problem.status())
                .build();
        Path kept = spool.refuse(event, answer.bytes());
        return problem.isBadReceipt()
                ? new Sent(event, Status.DISAGREES, null, problem.summary(), kept)
                : new Sent(event, Status.REFUSED, null, problem.status() + " " + problem.summary(), kept);
    }

    /** The pipeline has taken the event, and this is what it says when asked for the receipt. */
    private Sent asked(SpooledEvent event, SentEvent sent, Answer answer, Wait wait) throws IOException {
        Receipt receipt = receiptOf(answer);
        if (receipt != null) {
            return judged(event, sent, receipt, wait);
        }
        if (answer instanceof Answer.Refused refused) {
            Problem problem = refused.problem();
            boolean rejected = problem.status() == 422 && problem.isOfPipeline();
            // Not found after it was taken: sending it once more is safe, forgetting it is not.
            return rejected
                    ? refused(event, problem)
                    : waits(event, "it was accepted, and then there was no receipt for it: " + problem.summary());
        }
        spool.sent(event);
        return new Sent(event, Status.ACCEPTED, null, "accepted; its receipt did not come in time", null);
    }

    private Sent judged(SpooledEvent event, SentEvent sent, Receipt receipt, Wait wait) throws IOException {
        ReceiptJudge.Verdict verdict = judge.judge(receipt, sent.difference(receipt.statement()));
        if (verdict.worth() == ReceiptJudge.Worth.REFUSED) {
            spool.keepEvidence(event, "event.json", event.bytes());
            Path kept = spool.keepEvidence(event, "receipt.json", receipt.bytes());
            spool.sent(event);
            return new Sent(event, Status.DISAGREES, receipt, verdict.reason(), kept);
        }
        spool.sent(event);
        if (verdict.worth() == ReceiptJudge.Worth.UNKNOWN) {
            return new Sent(event, Status.UNPROVEN, receipt, verdict.reason(), null);
        }
        return wait == Wait.CHECKPOINT && receipt.proof() == null
                ? new Sent(event, Status.UNPROVEN, receipt, "no checkpoint covers it yet", null)
                : new Sent(event, Status.RECORDED, receipt, "", null);
    }

    /** Its file is gone. What is neither in the log nor on its way there goes back into the queue. */
    private Sent sentByAnother(SpooledEvent ours, Wait wait) throws IOException, InterruptedException {
        Answer answer;
        try {
            answer = wait == Wait.ACCEPTED
                    ? client.receipt(ours.stream(), ours.id())
                    : client.awaitReceipt(ours.stream(), ours.id(), wait == Wait.CHECKPOINT);
        } catch (InterruptedException stopped) {
            answer = new Answer.Unavailable(STOPPED);
        }
        if (answer instanceof Answer.Accepted || receiptOf(answer) != null) {
            return asked(ours, SentEvent.parse(ours.bytes()), answer, wait);
        }
        String reason = answer.fold(new Answer.Fold<>(
                accepted -> "",
                recorded -> "the server gives no receipt for it",
                refused -> refused.problem().summary(),
                notPermitted -> notPermitted.problem().summary(),
                Answer.Unavailable::reason));
        return waits(
                spool.enqueue(ours.stream(), ours.id(), ours.bytes()),
                "another process took it from the queue, and nothing shows that it is in the log: " + reason);
    }

    private static @Nullable Receipt receiptOf(Answer answer) {
        return answer instanceof Answer.Recorded recorded
                        && !recorded.receipts().isEmpty()
                ? recorded.receipts().get(0)
                : null;
    }
}
