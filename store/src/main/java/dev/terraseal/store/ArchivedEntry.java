package dev.terraseal.store;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.CanonicalBuffer;
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
    /** What is around a payload, a signature's bytes and a hash in a line. */
    private static final long FRAME = 100;

    private static final long A_SIGNATURE = 86;
    private static final long A_HASH = 47;
    private static final String PAYLOAD_TYPE = "\",\"payloadType\":\"" + Dsse.STATEMENT + "\"";

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

    /** Writes the line without its newline: members in canonical order, their values in the one form they have. */
    void writeTo(CanonicalBuffer out) {
        out.raw((byte) '{');
        if (batch != null) {
            out.ascii("\"batch\":").number(batch.first().value()).ascii(",\"path\":[");
            for (int i = 0; i < batch.path().size(); i++) {
                out.ascii(i == 0 ? "\"" : "\",\"").ascii(batch.path().get(i).base64());
            }
            out.ascii(batch.path().isEmpty() ? "]," : "\"],");
        }
        out.ascii("\"payload\":\"").ascii(statement.base64()).ascii(PAYLOAD_TYPE);
        if (batch == null) {
            out.ascii(",\"signatures\":[");
            for (int i = 0; i < signatures.size(); i++) {
                DsseSignature signature = signatures.get(i);
                out.ascii(i == 0 ? "{\"keyid\":\"" : ",{\"keyid\":\"")
                        .ascii(signature.keyid().hex());
                out.ascii("\",\"sig\":\"").ascii(signature.sig().base64()).ascii("\"}");
            }
            out.raw((byte) ']');
        }
        out.raw((byte) '}');
    }

    /** Bytes of its line without the newline, within a few: of one with signatures or of one in a batch. */
    public long lineBytes() {
        long bytes = FRAME + base64(statement);
        for (DsseSignature signature : signatures) {
            bytes += A_SIGNATURE + base64(signature.sig());
        }
        return bytes + (batch == null ? 0 : batch.path().size() * A_HASH);
    }

    private static long base64(Bytes bytes) {
        return (bytes.length() + 2L) / 3 * 4;
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
