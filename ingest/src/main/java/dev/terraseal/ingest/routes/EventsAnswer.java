package dev.terraseal.ingest.routes;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.ingest.AnswerReceipts;
import dev.terraseal.ingest.http.ByteBudget;
import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.ingest.http.Reply;
import dev.terraseal.ingest.http.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says what became of the events of a request, with the receipts that are there in time and fit. */
final class EventsAnswer {
    /** Receipts that are on their way out, of all answers together; each lies there as text, as JSON and in the answer. */
    private static final long RECEIPTS_BYTES = 48L << 20;

    private final AnswerReceipts receipts;
    private final ByteBudget room = new ByteBudget(RECEIPTS_BYTES);

    EventsAnswer(AnswerReceipts receipts) {
        this.receipts = receipts;
    }

    /**
     * The answer to a request whose events were sent.
     *
     * @param waited whether the client waits for the entries, and so wants receipts of all
     * @param limit how long making receipts may take
     */
    Reply of(Request request, List<Fate> fates, boolean waited, Duration limit)
            throws ProblemException, InterruptedException {
        requireNoneRejected(fates);
        List<SequenceNumber> wanted = new ArrayList<>();
        for (Fate fate : fates) {
            SequenceNumber sequence = fate.sequence();
            if (sequence != null && (waited || fate.is("duplicate"))) {
                wanted.add(sequence);
            }
        }
        ByteBudget.Share share = room.share();
        request.afterwards(share::close);
        Map<SequenceNumber, Bytes> made = receipts.of(wanted, limit, share);
        List<Json> events = new ArrayList<>();
        boolean allDuplicates = true;
        boolean allReceipts = waited;
        for (Fate fate : fates) {
            Bytes receipt = receipt(made, fate.sequence());
            allDuplicates &= fate.is("duplicate");
            allReceipts &= receipt != null;
            events.add(fate.json()
                    .putIfPresent("receipt", receipt == null ? null : CanonicalJson.parse(receipt))
                    .build());
        }
        int status = allDuplicates ? 200 : allReceipts ? 201 : 202;
        return Reply.json(status, Json.obj().put("events", Json.arr(events)).build());
    }

    private static @Nullable Bytes receipt(Map<SequenceNumber, Bytes> made, @Nullable SequenceNumber sequence) {
        return sequence == null ? null : made.get(sequence);
    }

    /**
     * All or none holds up to acceptance: what is rejected later, for an id that another request took first, leaves the
     * others of its request in the log, and whoever sent them is told so.
     */
    private static void requireNoneRejected(List<Fate> fates) throws ProblemException {
        List<ProblemException> rejections = new ArrayList<>();
        List<Json> events = new ArrayList<>();
        for (Fate fate : fates) {
            Optional<ProblemException> why = Optional.ofNullable(fate.rejection());
            why.ifPresent(rejections::add);
            events.add(fate.json()
                    .putIfPresent("code", why.map(ProblemException::code).orElse(null))
                    .putIfPresent("detail", why.map(Throwable::getMessage).orElse(null))
                    .build());
        }
        if (rejections.isEmpty()) {
            return;
        }
        ProblemException first = rejections.get(0);
        if (fates.size() == 1) {
            throw first;
        }
        Json.Builder extra = Json.obj();
        first.extra().members().forEach(extra::put);
        throw new ProblemException(
                first.status(),
                first.code(),
                rejections.size() + " of " + fates.size() + " rejected, the other " + (fates.size() - rejections.size())
                        + " accepted; 'events' says which. First: " + first.getMessage(),
                extra.put("events", Json.arr(events)).build());
    }
}
