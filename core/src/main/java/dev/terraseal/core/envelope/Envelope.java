package dev.terraseal.core.envelope;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A DSSE envelope in the one form we write: JCS, canonical base64, at most 16 signatures, one a key. */
public record Envelope(String payloadType, Bytes payload, List<DsseSignature> signatures) {
    public static final int SIGNATURES_MAX = 16;

    public Envelope {
        signatures = List.copyOf(signatures);
        if (signatures.isEmpty() || signatures.size() > SIGNATURES_MAX) {
            throw new JsonException("an envelope carries 1 to 16 signatures, not " + signatures.size());
        }
        Set<Object> seen = new HashSet<>();
        for (DsseSignature signature : signatures) {
            if (!seen.add(signature.keyid())) {
                throw new JsonException("two signatures by key " + signature.keyid() + ": thresholds count keys");
            }
        }
    }

    /** What the signatures are over. */
    public Bytes signedBytes() {
        return Dsse.pae(payloadType, payload);
    }

    public Json.Obj json() {
        List<Json> lines = new ArrayList<>();
        for (DsseSignature signature : signatures) {
            lines.add(signature.json());
        }
        return Json.obj()
                .put("payload", payload.base64())
                .put("payloadType", payloadType)
                .put("signatures", Json.arr(lines))
                .build();
    }

    public Bytes bytes() {
        return json().bytes();
    }

    public static Envelope parse(Bytes canonical) {
        return fromJson(CanonicalJson.parseObject(canonical));
    }

    public static Envelope fromJson(Json.Obj json) {
        json.requireMembers("payload", "payloadType", "signatures");
        return new Envelope(json.string("payloadType"), json.base64("payload"), signatures(json));
    }

    /** Reads the member {@code signatures} of an envelope or of a line that carries signatures only. */
    public static List<DsseSignature> signatures(Json.Obj json) {
        List<DsseSignature> out = new ArrayList<>();
        for (Json.Obj line : json.array("signatures").objects()) {
            out.add(DsseSignature.fromJson(line));
        }
        return out;
    }
}
