package dev.terraseal.core.receipt;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.proof.TlogProof;
import dev.terraseal.core.statement.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A receipt (FORMATS section 10): the declaration of the log, the signed statement and, once a checkpoint covers it, the
 * proof that it is in the log. Without the proof it is a promise.
 *
 * @param proof null before a checkpoint covers the entry
 * @param keyEvents every key event the log has below that checkpoint, or below the entry, in order: which key signs what
 */
public record Receipt(
        LogDeclaration log, Signed signed, @Nullable TlogProof proof, List<ProvenKeyEvent> keyEvents) {
    public static final String FORMAT = "https://terraseal.dev/receipt/v1";

    /** A statement of 512 KiB in base64 with its proof fits four times. */
    public static final int BYTES_MAX = 4 << 20;

    /**
     * A key event and its place in the tree of the receipt's checkpoint.
     *
     * @param path empty in a receipt without proof
     */
    public record ProvenKeyEvent(Bytes statement, List<Digest> path) {
        public ProvenKeyEvent {
            path = List.copyOf(path);
        }
    }

    public Receipt {
        keyEvents = List.copyOf(keyEvents);
    }

    /** Of a log whose keys are those of log.json. */
    public Receipt(LogDeclaration log, Signed signed, @Nullable TlogProof proof) {
        this(log, signed, proof, List.of());
    }

    /** The signed statement, in one of the two forms a log signs in. */
    public sealed interface Signed {
        /** The exact statement bytes. */
        Bytes statement();
    }

    /** Signed by itself. */
    public record Own(Envelope envelope) implements Signed {
        public Own {
            if (!envelope.payloadType().equals(Dsse.STATEMENT)) {
                throw new JsonException(
                        "the envelope has payload type " + envelope.payloadType() + ", not " + Dsse.STATEMENT);
            }
        }

        @Override
        public Bytes statement() {
            return envelope.payload();
        }
    }

    /** Signed as a leaf of a batch; {@code path} leads from it to the root in the batch's envelope. */
    public record InBatch(Envelope batch, List<Digest> path, Bytes statement) implements Signed {
        public InBatch {
            path = List.copyOf(path);
            if (!batch.payloadType().equals(Dsse.BATCH)) {
                throw new JsonException("the batch has payload type " + batch.payloadType() + ", not " + Dsse.BATCH);
            }
        }
    }

    /** The JCS bytes of the file {@code <sequence>.receipt.json}. */
    public Bytes bytes() {
        Json.Builder out = Json.obj().put("format", FORMAT).put("log", CanonicalJson.parse(log.bytes()));
        if (signed instanceof Own own) {
            out.put("envelope", own.envelope().json());
        } else if (signed instanceof InBatch inBatch) {
            out.put("batch", inBatch.batch().json())
                    .put(
                            "path",
                            Json.texts(
                                    inBatch.path().stream().map(Digest::base64).toList()))
                    .put("payload", inBatch.statement().base64());
        }
        if (!keyEvents.isEmpty()) {
            List<Json> events = new ArrayList<>();
            for (ProvenKeyEvent each : keyEvents) {
                Json.Builder event = Json.obj().put("payload", each.statement().base64());
                if (proof != null) {
                    event.put(
                            "path",
                            Json.texts(each.path().stream().map(Digest::base64).toList()));
                }
                events.add(event.build());
            }
            out.put("keyEvents", Json.arr(events));
        }
        return out.putIfPresent("proof", proof == null ? null : proof.bytes().utf8())
                .build()
                .bytes();
    }

    /** Reads a receipt; what is not of this form is an {@link IllegalArgumentException}. Nothing is verified yet. */
    public static Receipt parse(Bytes bytes) {
        if (bytes.length() > BYTES_MAX) {
            throw new JsonException("a receipt has at most " + BYTES_MAX + " bytes, not " + bytes.length());
        }
        Json.Obj json = CanonicalJson.parseObject(bytes);
        boolean batched = json.has("batch");
        if (batched) {
            json.requireMembers("batch", "format", "keyEvents?", "log", "path", "payload", "proof?");
        } else {
            json.requireMembers("envelope", "format", "keyEvents?", "log", "proof?");
        }
        if (!json.string("format").equals(FORMAT)) {
            throw new JsonException("its format is '" + json.string("format") + "', not " + FORMAT);
        }
        Signed signed = batched
                ? new InBatch(Envelope.fromJson(json.object("batch")), path(json), json.base64("payload"))
                : new Own(Envelope.fromJson(json.object("envelope")));
        TlogProof proof = proof(json.stringOrNull("proof"));
        List<ProvenKeyEvent> keyEvents = json.has("keyEvents") ? keyEvents(json.array("keyEvents"), proof) : List.of();
        return new Receipt(LogDeclaration.parse(json.object("log").bytes()), signed, proof, keyEvents);
    }

    private static List<ProvenKeyEvent> keyEvents(Json.Arr array, @Nullable TlogProof proof) {
        List<ProvenKeyEvent> out = new ArrayList<>();
        for (Json.Obj event : array.objects()) {
            if (proof == null) {
                event.requireMembers("payload");
            } else {
                event.requireMembers("path", "payload");
            }
            out.add(new ProvenKeyEvent(event.base64("payload"), proof == null ? List.of() : path(event)));
        }
        if (out.isEmpty()) {
            throw new JsonException("'keyEvents' is empty; it is left out where there are none");
        }
        return out;
    }

    private static List<Digest> path(Json.Obj json) {
        List<String> texts = json.array("path").strings();
        if (texts.size() > Merkle.MAX_LEVELS) {
            throw new JsonException("'path' has " + texts.size() + " hashes; no tree needs so many");
        }
        List<Digest> path = new ArrayList<>();
        for (String text : texts) {
            path.add(Digest.fromBase64(text));
        }
        return path;
    }

    private static @Nullable TlogProof proof(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            TlogProof proof = TlogProof.parse(Bytes.utf8(text));
            if (proof.extra() != null) {
                throw new JsonException("'proof' has an extra line, which nothing in a receipt authenticates");
            }
            if (proof.index() >= Checkpoint.SIZE_MAX) {
                throw new JsonException("'proof' is of entry " + proof.index() + "; no log has so many");
            }
            return proof;
        } catch (NoteException malformed) {
            throw new JsonException("'proof' cannot be read: " + malformed.getMessage());
        }
    }

    /** The statement; bytes that are none are an {@link IllegalArgumentException}. */
    public Statement statement() {
        return Statement.parse(signed.statement());
    }
}
