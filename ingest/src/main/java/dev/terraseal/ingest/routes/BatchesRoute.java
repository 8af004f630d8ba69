package dev.terraseal.ingest.routes;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.ingest.Access;
import dev.terraseal.ingest.LogReader;
import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.ingest.http.Reply;
import dev.terraseal.ingest.http.Request;
import dev.terraseal.ingest.http.Route;
import dev.terraseal.store.StoreException;

/** {@code GET /v1/batches/{first}}: the envelope that signs the batch an entry names. It is there before the entry is. */
public final class BatchesRoute implements Route {
    public static final String PATH = "/v1/batches/";

    private final Access access;
    private final LogReader reader;

    public BatchesRoute(Access access, LogReader reader) {
        this.access = access;
        this.reader = reader;
    }

    @Override
    public Reply answer(Request request) throws ProblemException, StoreException {
        request.requireMethod("GET", "HEAD");
        access.require(request);
        String text = request.path().substring(PATH.length());
        SequenceNumber first;
        try {
            first = new SequenceNumber(Long.parseLong(text));
        } catch (IllegalArgumentException notANumber) {
            throw new ProblemException(400, "bad-query", "'" + text + "' is no sequence number");
        }
        Bytes envelope = reader.batch(first)
                .orElseThrow(() -> new ProblemException(404, "not-found", "no batch begins at entry " + first));
        return Reply.bytes(200, "application/json", envelope);
    }
}
