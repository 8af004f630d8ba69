package dev.terraseal.export;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.statement.Statement;

/** An entry as a segment keeps it; {@code line} is the parsed segment line. */
record ArchivedEntry(SequenceNumber sequence, Statement statement, Json.Obj line) {
    static ArchivedEntry parse(SequenceNumber sequence, Bytes raw) {
        Json.Obj line = CanonicalJson.parseObject(raw);
        if (line.has("batch")) {
            line.requireMembers("batch", "path", "payload", "payloadType");
        } else {
            line.requireMembers("payload", "payloadType", "signatures");
        }
        if (!line.string("payloadType").equals(Dsse.STATEMENT)) {
            throw new JsonException("payloadType is " + line.string("payloadType"));
        }
        return new ArchivedEntry(sequence, Statement.parse(line.base64("payload")), line);
    }

    Digest entryHash() {
        return statement.entryHash();
    }

    boolean isBatched() {
        return line.has("batch");
    }

    /** The key of the first signature of an entry signed by itself. */
    KeyId signer() {
        return Envelope.fromJson(line).signatures().get(0).keyid();
    }

    SequenceNumber batch() {
        return new SequenceNumber(line.number("batch"));
    }

    /** The line of signatures.jsonl. */
    Bytes signatureLine() {
        Json.Builder out = Json.obj().put("sequence", sequence.value());
        if (isBatched()) {
            out.put("batch", line.number("batch")).put("path", line.array("path"));
        } else {
            out.put("signatures", line.array("signatures"));
        }
        return out.build().bytes();
    }

    /** The DSSE envelope of an entry signed by itself: its segment line. */
    Bytes envelope() {
        return Envelope.fromJson(line).bytes();
    }
}
