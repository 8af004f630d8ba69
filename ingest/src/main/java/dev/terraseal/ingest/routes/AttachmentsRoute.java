package dev.terraseal.ingest.routes;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.ingest.Access;
import dev.terraseal.ingest.Attachments;
import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.ingest.http.Reply;
import dev.terraseal.ingest.http.Request;
import dev.terraseal.ingest.http.Route;
import dev.terraseal.store.StoreException;
import java.io.IOException;

/**
 * {@code PUT /v1/attachments/sha256/{hex}}: evidence too large for a statement. It is in the archive when this answers, so
 * an event that names it can be accepted.
 */
public final class AttachmentsRoute implements Route {
    public static final String PATH = "/v1/attachments/sha256/";
    public static final int BYTES_MAX = 64 << 20;

    private final Access access;
    private final Attachments attachments;

    public AttachmentsRoute(Access access, Attachments attachments) {
        this.access = access;
        this.attachments = attachments;
    }

    @Override
    public Reply answer(Request request) throws ProblemException, IOException, InterruptedException {
        request.requireMethod("PUT");
        access.require(request);
        Digest named;
        try {
            named = Digest.fromHex(request.path().substring(PATH.length()));
        } catch (IllegalArgumentException notHex) {
            throw new ProblemException(
                    400, "bad-path", "the path ends in a SHA-256 in lower-case hex: " + notHex.getMessage());
        }
        return attachments.inTurn(() -> store(request.body(BYTES_MAX), named));
    }

    private Reply store(Bytes content, Digest named) throws ProblemException, StoreException {
        Digest found = Digest.of(content);
        if (!found.equals(named)) {
            throw new ProblemException(
                    422,
                    "digest-mismatch",
                    "the path says " + named + " and the bytes are " + found + "; nothing was stored");
        }
        Json answer =
                Json.obj().put("bytes", content.length()).put("sha256", named).build();
        return Reply.json(attachments.keep(named, content) ? 201 : 200, answer);
    }
}
