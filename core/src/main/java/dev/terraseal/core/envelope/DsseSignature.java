package dev.terraseal.core.envelope;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.keys.KeyId;

/** One signature of an envelope. {@code keyid} is a hint until the signature verifies under that key. */
public record DsseSignature(KeyId keyid, Bytes sig) {
    public Json.Obj json() {
        return Json.obj().put("keyid", keyid.hex()).put("sig", sig.base64()).build();
    }

    public static DsseSignature fromJson(Json.Obj json) {
        json.requireMembers("keyid", "sig");
        return new DsseSignature(new KeyId(json.digest("keyid")), signatureBytes(json));
    }

    private static Bytes signatureBytes(Json.Obj json) {
        Bytes sig = json.base64("sig");
        if (sig.isEmpty()) {
            throw new JsonException("'sig' is empty");
        }
        return sig;
    }
}
