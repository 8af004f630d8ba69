package dev.terraseal.ingest.routes;

import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.ingest.http.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * What became of one event of a request so far.
 *
 * @param offset of its record on the topic, −1 for one that was not sent
 * @param rejection why it is not in the log, once that is known
 */
record Fate(
        StreamId stream,
        EventId id,
        String contentSha256,
        long offset,
        @Nullable SequenceNumber sequence,
        String status,
        @Nullable ProblemException rejection) {

    boolean is(String wanted) {
        return status.equals(wanted);
    }

    Fate sentAt(long at) {
        return new Fate(stream, id, contentSha256, at, sequence, status, rejection);
    }

    Fate become(String next, @Nullable SequenceNumber at) {
        return new Fate(stream, id, contentSha256, offset, at, next, rejection);
    }

    Fate rejected(ProblemException why) {
        return new Fate(stream, id, contentSha256, offset, null, "rejected", why);
    }

    /** As it stands in an answer. */
    Json.Builder json() {
        return Json.obj()
                .put("id", id.value())
                .putIfPresent("sequence", sequence == null ? null : Long.valueOf(sequence.value()))
                .put("status", status)
                .put("stream", stream.value());
    }
}
