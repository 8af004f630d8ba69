package dev.terraseal.run.spool;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.run.client.Answer;
import dev.terraseal.run.client.HttpLogClient;
import dev.terraseal.run.client.Problem;
import dev.terraseal.run.client.SentEvent;
import dev.terraseal.run.client.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends waiting events: within a stream one after the other, each only when the one before was answered, so that a
 * stream's order is the order in which its runs ended. What cannot be sent now stays; what can never be accepted moves
 * to {@code evidence/} with the pipeline's answer.
 */
public final class Delivery {
    private final Spool spool;
    private final HttpLogClient client;
    private final Duration patience;

    /** @param patience how long to wait for another process that sends the same stream */
    public Delivery(Spool spool, HttpLogClient client, Duration patience) {
        this.spool = spool;
        this.client = client;
        this.patience = patience;
    }

    /** How far an event came. */
    public enum Status {
        /** On the pipeline's disks. */
        ACCEPTED,
        /** In the log, with a receipt that says what was sent. */
        RECORDED,
        /** Still in the queue. */
        WAITING,
        /** Never acceptable as it is; kept as evidence. */
        REFUSED,
        /** The receipt says something else than what was sent; both are kept as evidence. */
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

    /** Sends everything that waits. */
    public List<Sent> all(Wait wait) throws IOException, InterruptedException {
        Set<StreamId> streams = new LinkedHashSet<>();
        for (SpooledEvent event : spool.queued()) {
            streams.add(event.stream());
        }
        List<Sent> out = new ArrayList<>();
        for (StreamId stream : streams) {
            out.addAll(stream(stream, wait));
        }
        return out;
    }

    /** Sends what waits in one stream; waits for a receipt only of the last. */
    public List<Sent> stream(StreamId stream, Wait wait) throws IOException, InterruptedException {
        List<Sent> out = new ArrayList<>();
        try (FileLease turn = spool.sending(stream, patience)) {
            List<SpooledEvent> waiting = waiting(stream);
            for (int i = 0; i < waiting.size(); i++) {
                SpooledEvent event = waiting.get(i);
                Sent sent = turn == null
                        ? new Sent(event, Status.WAITING, null, "another process is sending this stream", null)
                        : send(event, i == waiting.size() - 1 ? wait : Wait.ACCEPTED);
                out.add(sent);
                if (sent.status() == Status.WAITING) {
                    for (SpooledEvent later : waiting.subList(i + 1, waiting.size())) {
                        out.add(new Sent(later, Status.WAITING, null, sent.reason(), null));
                    }
                    return out;
                }
            }
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
        } catch (IOException | RuntimeException unreadable) {
            // It is why this event is here. What cannot be read cannot be sent, and this one is in memory alone.
        }
        for (SpooledEvent earlier : before) {
            Sent sent = send(earlier, Wait.ACCEPTED);
            if (sent.status() == Status.WAITING) {
                return new Sent(event, Status.WAITING, null, sent.reason(), null);
            }
        }
        return post(event, SentEvent.parse(event.bytes()), wait);
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

    private Sent send(SpooledEvent event, Wait wait) throws IOException, InterruptedException {
        SentEvent sent = SentEvent.parse(event.bytes());
        Sent result = post(event, sent, wait);
        Optional<Digest> attachment = attachment(sent);
        if (result.status() != Status.WAITING && attachment.isPresent()) {
            forget(attachment.get());
        }
        return result;
    }

    private Sent post(SpooledEvent event, SentEvent sent, Wait wait) throws IOException, InterruptedException {
        Optional<Digest> attachment = attachment(sent);
        if (attachment.isPresent()) {
            String failure = attach(attachment.get());
            if (!failure.isEmpty()) {
                return new Sent(event, Status.WAITING, null, failure, null);
            }
        }
        return settle(event, sent, client.post(event.bytes(), wait), wait);
    }

    private static Optional<Digest> attachment(SentEvent sent) {
        if (sent.body() instanceof Json.Obj body
                && body.get("changes") instanceof Json.Obj changes
                && changes.has("resourcesSha256")) {
            return Optional.of(changes.digest("resourcesSha256"));
        }
        return Optional.empty();
    }

    private String attach(Digest digest) throws IOException, InterruptedException {
        Optional<dev.terraseal.core.bytes.Bytes> content = spool.attachment(digest);
        if (content.isEmpty()) {
            return "";
        }
        Answer answer = client.attach(digest, content.get());
        return answer.fold(new Answer.Fold<>(
                accepted -> "",
                recorded -> "",
                refused -> "the attachment " + digest + " was refused: "
                        + refused.problem().summary(),
                notPermitted -> notPermitted.problem().summary(),
                Answer.Unavailable::reason));
    }

    private void forget(Digest attachment) throws IOException {
        for (SpooledEvent other : spool.queued()) {
            if (attachment(SentEvent.parse(other.bytes())).equals(Optional.of(attachment))) {
                return;
            }
        }
        spool.attachmentSent(attachment);
    }

    private Sent settle(SpooledEvent event, SentEvent sent, Answer answer, Wait wait)
            throws IOException, InterruptedException {
        if (answer instanceof Answer.Refused refused) {
            return refused(event, refused.problem());
        }
        if (answer instanceof Answer.NotPermitted notPermitted) {
            String hint = "; the token comes from TERRASEAL_TOKEN";
            return new Sent(event, Status.WAITING, null, notPermitted.problem().summary() + hint, null);
        }
        if (answer instanceof Answer.Unavailable unavailable) {
            return new Sent(event, Status.WAITING, null, unavailable.reason(), null);
        }
        if (wait == Wait.ACCEPTED) {
            spool.sent(event);
            return new Sent(event, Status.ACCEPTED, null, "", null);
        }
        return close(event, sent, answer, wait);
    }

    private Sent refused(SpooledEvent event, Problem problem) throws IOException {
        Json.Obj answer = Json.obj()
                .put("code", problem.code())
                .put("detail", problem.summary())
                .put("status", problem.status())
                .build();
        Path kept = spool.refuse(event, answer.bytes());
        return new Sent(event, Status.REFUSED, null, problem.status() + " " + problem.summary(), kept);
    }

    /** The event is with the pipeline. Gets the receipt that was asked for and compares it with what was sent. */
    private Sent close(SpooledEvent event, SentEvent sent, Answer answer, Wait wait)
            throws IOException, InterruptedException {
        Receipt receipt = receiptOf(answer);
        if (receipt == null || (wait == Wait.CHECKPOINT && (receipt.proof() == null))) {
            Answer later = client.awaitReceipt(event.stream(), event.id(), wait == Wait.CHECKPOINT);
            if (later instanceof Answer.Refused refused && refused.problem().status() == 422) {
                return refused(event, refused.problem());
            }
            Receipt found = receiptOf(later);
            receipt = found == null ? receipt : found;
        }
        if (receipt == null) {
            spool.sent(event);
            return new Sent(event, Status.ACCEPTED, null, "accepted; its receipt did not come in time", null);
        }
        Optional<String> difference = sent.difference(receipt.statement());
        if (difference.isPresent()) {
            spool.keepEvidence(event.id(), "event.json", event.bytes());
            Path kept = spool.keepEvidence(event.id(), "receipt.json", receipt.bytes());
            spool.sent(event);
            return new Sent(event, Status.DISAGREES, receipt, difference.get(), kept);
        }
        spool.sent(event);
        return new Sent(event, Status.RECORDED, receipt, "", null);
    }

    private static @Nullable Receipt receiptOf(Answer answer) {
        return answer instanceof Answer.Recorded recorded
                        && !recorded.receipts().isEmpty()
                ? recorded.receipts().get(0)
                : null;
    }
}
