package dev.terraseal.core.keys;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.mldsa.MlDsaPublicKey;
import dev.terraseal.core.mldsa.ParameterSet;
import java.util.Optional;

/** A public key as log.json or a key event declares it. {@code spki} is DER. */
public record DeclaredKey(KeyUse use, Algorithm algorithm, KeyId keyid, Bytes spki) {
    public DeclaredKey {
        Optional<String> why = algorithm.whyNotCanonical(spki);
        if (why.isPresent()) {
            throw new IllegalArgumentException("key " + keyid + " " + why.get());
        }
        if (!KeyId.of(spki).equals(keyid)) {
            throw new IllegalArgumentException(
                    "key " + keyid + " is declared with the SPKI of another key, " + KeyId.of(spki));
        }
    }

    public static DeclaredKey of(KeyUse use, Algorithm algorithm, Bytes spki) {
        return new DeclaredKey(use, algorithm, KeyId.of(spki), spki);
    }

    /**
     * The key as ML-DSA verifies with it; made anew with each call, which takes as long as several verifications.
     *
     * @throws IllegalStateException for a key of another algorithm
     */
    public MlDsaPublicKey lattice() {
        return switch (algorithm) {
            case ML_DSA_44 -> new MlDsaPublicKey(ParameterSet.ML_DSA_44, algorithm.rawKey(spki));
            case ML_DSA_65 -> new MlDsaPublicKey(ParameterSet.ML_DSA_65, algorithm.rawKey(spki));
            default -> throw new IllegalStateException("key " + keyid + " is " + algorithm + " and no ML-DSA key");
        };
    }

    /** PEM, lines of 64 characters, as {@code openssl} reads it. */
    public String pem() {
        StringBuilder pem = new StringBuilder("-----BEGIN PUBLIC KEY-----\n");
        String text = spki.base64();
        for (int at = 0; at < text.length(); at += 64) {
            pem.append(text, at, Math.min(at + 64, text.length())).append('\n');
        }
        return pem.append("-----END PUBLIC KEY-----\n").toString();
    }
}
