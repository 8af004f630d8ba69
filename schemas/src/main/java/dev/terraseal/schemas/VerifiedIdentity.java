package dev.terraseal.schemas;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.schemas.avro.AvroOutput;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who ingest found the producer to be.
 *
 * @param claims what of the token is kept
 * @param level how strong the proof was, or null
 * @param method how it was proven, for example {@code oidc}
 * @param tokenSha256 of the token itself, which is never kept; or null
 */
public record VerifiedIdentity(
        String issuer,
        String subject,
        Map<String, String> claims,
        String method,
        @Nullable String level,
        @Nullable Digest tokenSha256) {

    public VerifiedIdentity {
        claims = java.util.Collections.unmodifiableMap(new TreeMap<>(claims));
    }

    /** The member {@code verified} as it will stand in the statement: what the ingest key signs over. */
    public Json.Obj json() {
        Json.Builder members = Json.obj()
                .put("issuer", issuer)
                .putIfPresent("level", level)
                .put("method", method)
                .put("subject", subject)
                .putIfPresent("tokenSha256", tokenSha256 == null ? null : tokenSha256.hex());
        if (!claims.isEmpty()) {
            Json.Builder kept = Json.obj();
            claims.forEach(kept::put);
            members.put("claims", kept.build());
        }
        return members.build();
    }

    Bytes avro() {
        AvroOutput out = new AvroOutput(256);
        if (out.present(claims.isEmpty() ? null : claims)) {
            out.number(claims.size());
            claims.forEach((name, value) -> out.text(name).text(value));
            out.number(0);
        }
        out.text(issuer);
        if (out.present(level) && level != null) {
            out.text(level);
        }
        out.text(method).text(subject);
        if (out.present(tokenSha256) && tokenSha256 != null) {
            out.fixed(tokenSha256);
        }
        return out.toBytes();
    }
}
