package dev.terraseal.ingest.routes;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.ingest.Access;
import dev.terraseal.ingest.LogReader;
import dev.terraseal.ingest.follow.ArchivedEntries;
import dev.terraseal.ingest.follow.LogTail;
import dev.terraseal.ingest.http.Admission;
import dev.terraseal.ingest.http.ByteBudget;
import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.ingest.http.Reply;
import dev.terraseal.ingest.http.Request;
import dev.terraseal.ingest.http.Route;
import dev.terraseal.store.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code GET /v1/entries/{sequence}}: one signed entry. {@code GET /v1/entries?from=N[&limit=M][&follow=true]}: a line an
 * entry, {@code {"envelope", "sequence"}}, and with {@code follow} new ones as they are signed.
 */
public final class EntriesRoute implements Route {
    /** A follower holds a thread for as long as it likes. */
    static final int FOLLOWERS_MAX = 64;

    private static final Duration WAIT = Duration.ofSeconds(5);
    /** Who does not follow holds a place that others need for their events, and can ask again. */
    private static final int WAITS_MAX = 6;

    private static final long SEQUENCE_MAX = (1L << 53) - 1;
    /** Of archived entries that are being written to their readers, together: a slow one keeps what it has not taken. */
    private static final long LINES_BYTES = 128L << 20;

    private final Access access;
    private final LogReader reader;
    private final LogTail tail;
    private final Duration wait;
    private final ByteBudget room = new ByteBudget(LINES_BYTES);
    private final Admission followers = new Admission(
            FOLLOWERS_MAX,
            FOLLOWERS_MAX + " readers follow the log here and no more may; read without follow, or consume the topic"
                    + " terraseal.attestations");

    public EntriesRoute(Access access, LogReader reader, LogTail tail) {
        this(access, reader, tail, WAIT);
    }

    EntriesRoute(Access access, LogReader reader, LogTail tail, Duration wait) {
        this.access = access;
        this.reader = reader;
        this.tail = tail;
        this.wait = wait;
    }

    @Override
    public Reply answer(Request request) throws ProblemException, StoreException {
        request.requireMethod("GET", "HEAD");
        access.require(request);
        String rest = request.path().substring("/v1/entries".length());
        if (!rest.isEmpty() && !rest.equals("/")) {
            return one(rest.substring(1));
        }
        long from = request.number("from", 0);
        if (from > SEQUENCE_MAX) {
            throw new ProblemException(400, "bad-query", "'from' is " + from + ", beyond any sequence number");
        }
        long limit = request.number("limit", Long.MAX_VALUE);
        boolean follow = request.query("follow").map("true"::equals).orElse(false);
        if (!follow || request.method().equals("HEAD")) {
            return Reply.streamed("application/x-ndjson", out -> write(out, from, limit, false), () -> {});
        }
        followers.enter();
        return Reply.streamed("application/x-ndjson", out -> write(out, from, limit, true), followers::leave);
    }

    private Reply one(String text) throws ProblemException, StoreException {
        SequenceNumber sequence;
        try {
            sequence = new SequenceNumber(Long.parseLong(text));
        } catch (IllegalArgumentException notANumber) {
            throw new ProblemException(400, "bad-query", "'" + text + "' is no sequence number");
        }
        Optional<Json.Obj> entry = reader.entry(sequence);
        if (entry.isEmpty()) {
            throw new ProblemException(
                    404,
                    "not-found",
                    sequence.value() < tail.size()
                            ? notNow(sequence.value())
                            : "the log has no entry " + sequence + " yet; its size is " + tail.size());
        }
        return Reply.json(200, entry.get());
    }

    private void write(OutputStream out, long from, long limit, boolean follow) throws IOException {
        long end = follow ? Long.MAX_VALUE : tail.size();
        long next = from;
        long left = limit;
        while (left > 0 && next < end) {
            List<ArchivedEntries.Line> lines = ready(next);
            if (lines.isEmpty()) {
                out.flush();
                if (!await(next, out, follow)) {
                    return;
                }
                continue;
            }
            if (lines.size() > left) {
                lines = lines.subList(0, (int) left);
            }
            write(out, lines);
            left -= lines.size();
            next = lines.get(lines.size() - 1).sequence().value() + 1;
        }
    }

    private void write(OutputStream out, List<ArchivedEntries.Line> lines) throws IOException {
        try (ByteBudget.Share share = room.share()) {
            for (ArchivedEntries.Line line : lines) {
                if (!share.grow(line.json().bytes().length())) {
                    throw StoreException.passing("readers hold " + (LINES_BYTES >> 20)
                            + " MiB of entries, as much as may be in memory; this one asks again from "
                            + line.sequence());
                }
            }
            for (ArchivedEntries.Line line : lines) {
                Json.obj()
                        .put("envelope", line.json())
                        .put("sequence", line.sequence().value())
                        .build()
                        .bytes()
                        .writeTo(out);
                out.write('\n');
            }
        }
    }

    private List<ArchivedEntries.Line> ready(long next) throws StoreException {
        List<ArchivedEntries.Line> lines = reader.archived(new SequenceNumber(next));
        if (!lines.isEmpty()) {
            return lines;
        }
        SequenceNumber sequence = new SequenceNumber(next);
        return reader.entry(sequence)
                .map(entry -> List.of(new ArchivedEntries.Line(sequence, entry)))
                .orElse(List.of());
    }

    /** Waits for the next entry; an empty line now and then finds out whether the reader is still there. */
    private boolean await(long next, OutputStream out, boolean follow) throws IOException {
        try {
            for (int waited = 0; !tail.awaitReadable(next, wait); waited++) {
                if (!follow && waited == WAITS_MAX) {
                    throw StoreException.passing(notNow(next));
                }
                out.write('\n');
                out.flush();
            }
            return true;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String notNow(long sequence) {
        return "entry " + sequence + " is in the log and not in the archive yet, whose size is " + tail.checkpointSize()
                + ", and what waits for it is more than is kept in memory here: ask again, or consume the topic"
                + " terraseal.attestations";
    }
}
