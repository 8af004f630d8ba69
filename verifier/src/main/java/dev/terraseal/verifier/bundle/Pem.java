package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;

/** Public keys in PEM: one block, in exactly the form {@link DeclaredKey#pem} writes. */
public final class Pem {
    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----\n";
    private static final String END = "-----END PUBLIC KEY-----\n";

    private Pem() {}

    /** The SubjectPublicKeyInfo in DER; any other form is an {@link IllegalArgumentException}. */
    public static Bytes spki(Bytes pem) {
        String text = pem.utf8();
        if (!text.startsWith(BEGIN) || !text.endsWith(END) || text.length() <= BEGIN.length() + END.length()) {
            throw new IllegalArgumentException("is not one PEM block with a public key");
        }
        String body = text.substring(BEGIN.length(), text.length() - END.length());
        Bytes spki = Bytes.fromBase64(body.replace("\n", ""));
        if (!write(spki).equals(text)) {
            throw new IllegalArgumentException("is not a public key in PEM lines of 64 characters");
        }
        return spki;
    }

    /** The key of a seal: the algorithm is what {@code openssl dgst -sha256 -verify} uses for such a key. */
    public static DeclaredKey sealingKey(Bytes pem) {
        Bytes spki = spki(pem);
        for (Algorithm algorithm : new Algorithm[] {Algorithm.ECDSA_SHA_256, Algorithm.RSASSA_PKCS1_V1_5_SHA_256}) {
            if (algorithm.whyNotCanonical(spki).isEmpty()) {
                return DeclaredKey.of(KeyUse.EXPORT, algorithm, spki);
            }
        }
        throw new IllegalArgumentException("is neither a P-256 nor an RSA key; a seal is made with one of them");
    }

    static String write(Bytes spki) {
        StringBuilder pem = new StringBuilder(BEGIN);
        String text = spki.base64();
        for (int at = 0; at < text.length(); at += 64) {
            pem.append(text, at, Math.min(at + 64, text.length())).append('\n');
        }
        return pem.append(END).toString();
    }
}
