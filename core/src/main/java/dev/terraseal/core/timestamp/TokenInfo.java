package dev.terraseal.core.timestamp;

import dev.terraseal.core.bytes.Bytes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** TSTInfo: what the authority says. */
record TokenInfo(
        String policy,
        HashAlgorithm imprintHash,
        Bytes imprint,
        Instant time,
        @Nullable Bytes nonce) {
    static TokenInfo parse(Bytes der) throws TokenException {
        Der outer = new Der(der);
        Der fields = outer.enter(Der.SEQUENCE, "TSTInfo");
        outer.end("TSTInfo");
        if (fields.small("version") != 1) {
            throw new TokenException("its TSTInfo is not of version 1");
        }
        String policy = fields.object("policy");
        Der imprint = fields.enter(Der.SEQUENCE, "message imprint");
        HashAlgorithm hash = HashAlgorithm.read(imprint.enter(Der.SEQUENCE, "hash algorithm"));
        Bytes hashed = imprint.read(Der.OCTETS, "message imprint");
        imprint.end("message imprint");
        fields.integer("serial number");
        Instant time = GeneralizedTime.parse(fields.read(Der.TIME, "genTime"));
        fields.optional(Der.SEQUENCE, "accuracy");
        fields.optional(Der.BOOLEAN, "ordering");
        Bytes nonce = fields.tag() == Der.INTEGER ? fields.integer("nonce") : null;
        fields.optional(Der.CONTEXT_0, "tsa");
        Bytes extensions = fields.optional(Der.CONTEXT_1, "extensions");
        fields.end("TSTInfo");
        requireNoneCritical(extensions);
        return new TokenInfo(policy, hash, hashed, time, nonce);
    }

    /** What must be understood and is not would change what the token says. */
    private static void requireNoneCritical(@Nullable Bytes extensions) throws TokenException {
        Der all = new Der(extensions == null ? Bytes.EMPTY : extensions);
        while (all.hasMore()) {
            Der extension = all.enter(Der.SEQUENCE, "extension");
            String object = extension.object("extension");
            if (extension.optional(Der.BOOLEAN, "critical") != null) {
                throw new TokenException("its TSTInfo has the critical extension " + object + ", which is not known");
            }
        }
    }
}
