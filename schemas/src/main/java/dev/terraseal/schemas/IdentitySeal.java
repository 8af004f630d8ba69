package dev.terraseal.schemas;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.schemas.avro.AvroOutput;

/**
 * The member {@code verifiedBy}: an ingest key's signature over PAE(identity, JCS {@code {contentSha256, genesis,
 * verified}}).
 */
public record IdentitySeal(KeyId keyid, Bytes sig) {
    Bytes avro() {
        return new AvroOutput(160).fixed(keyid.value()).text(sig.base64()).toBytes();
    }
}
