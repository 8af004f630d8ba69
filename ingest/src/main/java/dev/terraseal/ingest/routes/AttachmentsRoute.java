package dev.terraseal.ingest.routes;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.ingest.Access;
import dev.terraseal.ingest.Attachments;
import dev.terraseal.ingest.http.ByteBudget;
import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.ingest.http.Reply;
import dev.terraseal.ingest.http.Request;
import dev.terraseal.ingest.http.Route;
import dev.terraseal.store.StoreException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/**
 * {@code PUT /v1/attachments/sha256/{hex}}: evidence too large for a statement. It is in the archive when this answers, so
 * an event that names it can be accepted.
 */
public final class AttachmentsRoute implements Route {
    public static final String PATH = "/v1/attachments/sha256/";
    public static final int BYTES_MAX = 64 << 20;

    /** Of attachments that are coming in, together: eight of the largest. */
    private static final long ON_DISK_BYTES = 8L * BYTES_MAX;

    private final Access access;
    private final Attachments attachments;
    private final ByteBudget onDisk = new ByteBudget(ON_DISK_BYTES);

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
        Path file = aside();
        try (ByteBudget.Share held = onDisk.share()) {
            Digest found = receive(request, held, file);
            if (!found.equals(named)) {
                throw new ProblemException(
                        422,
                        "digest-mismatch",
                        "the path says " + named + " and the bytes are " + found + "; nothing was stored");
            }
            // Only now, with all of it here: who sends slowly keeps nobody from being served.
            return attachments.inTurn(() -> store(Bytes.wrap(Files.readAllBytes(file)), named));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static Path aside() {
        try {
            return Files.createTempFile("terraseal-attachment", null);
        } catch (IOException noFile) {
            throw new UncheckedIOException("no temporary file for an attachment", noFile);
        }
    }

    private static Digest receive(Request request, ByteBudget.Share held, Path file)
            throws ProblemException, IOException {
        MessageDigest sha256 = Digest.sha256();
        try (OutputStream out = new Aside(Files.newOutputStream(file))) {
            request.body(BYTES_MAX, held, new DigestOutputStream(out, sha256));
        }
        return Digest.finish(sha256);
    }

    /** A disk that is full is this service's failure and is said; a client that went away is not told anything. */
    private static final class Aside extends FilterOutputStream {
        Aside(OutputStream file) {
            super(file);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            try {
                out.write(bytes, from, length);
            } catch (IOException full) {
                throw new UncheckedIOException("an attachment could not be put into the temporary directory", full);
            }
        }
    }

    private Reply store(Bytes content, Digest named) throws StoreException {
        Json answer =
                Json.obj().put("bytes", content.length()).put("sha256", named).build();
        return Reply.json(attachments.keep(named, content) ? 201 : 200, answer);
    }
}
