package dev.terraseal.store;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.envelope.Envelope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of a segment: a statement with its own signatures, or with its place in a signed batch. Reading one checks its
 * form and no more.
 *
 * @param signatures empty in the batch form
 * @param batch null unless in the batch form
 */
public record ArchivedEntry(
        Bytes statement,
        List<DsseSignature> signatures,
        @Nullable InBatch batch) {
    private static final int PATH_MAX = 16;

    /** The batch's first sequence, whose envelope is in {@code batches/}, and the path to its root. */
    public record InBatch(SequenceNumber first, List<Digest> path) {
        public InBatch {
            path = List.copyOf(path);
            if (path.size() > PATH_MAX) {
                throw new JsonException("a path in a batch has at most 16 hashes, not " + path.size());
            }
        }
    }

    public ArchivedEntry {
        signatures = List.copyOf(signatures);
        if (signatures.isEmpty() == (batch == null)) {
            throw new JsonException("an entry carries either signatures or a place in a batch");
        }
    }

    /** The line without its newline. */
    Json.Obj json() {
        if (batch == null) {
            return new Envelope(Dsse.STATEMENT, statement, signatures).json();
        }
        List<String> path = new ArrayList<>();
        batch.path().forEach(hash -> path.add(hash.base64()));
        return Json.obj()
                .put("batch", batch.first().value())
                .put("path", Json.texts(path))
                .put("payload", statement.base64())
                .put("payloadType", Dsse.STATEMENT)
                .build();
    }

    static ArchivedEntry parse(Bytes line) {
        Json.Obj json = CanonicalJson.parseObject(line);
        if (!json.string("payloadType").equals(Dsse.STATEMENT)) {
            throw new JsonException("an entry has payloadType " + Dsse.STATEMENT);
        }
        if (json.has("signatures")) {
            Envelope envelope = Envelope.fromJson(json);
            return new ArchivedEntry(envelope.payload(), envelope.signatures(), null);
        }
        json.requireMembers("batch", "path", "payload", "payloadType");
        List<Digest> path = new ArrayList<>();
        json.array("path").strings().forEach(hash -> path.add(Digest.fromBase64(hash)));
        return new ArchivedEntry(
                json.base64("payload"), List.of(), new InBatch(new SequenceNumber(json.number("batch")), path));
    }
}
