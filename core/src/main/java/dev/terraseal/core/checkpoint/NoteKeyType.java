package dev.terraseal.core.checkpoint;

import dev.terraseal.core.keys.Algorithm;
import org.jspecify.annotations.Nullable;

/** The signature types of C2SP signed-note that are checked here, each with its identifier byte. */
public enum NoteKeyType {
    /** Ed25519 over the note text; what a log of ours signs with. */
    ED25519(0x01, Algorithm.ED25519_SHA_512, 32, false),
    /** ECDSA on P-256, P-384 or P-521 with SHA-256, DER; other logs sign with it. */
    ECDSA(0x02, null, 0, false),
    /** Ed25519 cosignature/v1: a time, and a signature over time and note text. */
    COSIGNATURE_ED25519(0x04, Algorithm.ED25519_SHA_512, 32, true),
    /** ML-DSA-44 cosignature of a (sub)tree: a time, and a signature over name, time, origin, range and root. */
    COSIGNATURE_ML_DSA_44(0x06, Algorithm.ML_DSA_44, 1312, true);

    private final byte identifier;
    private final @Nullable Algorithm algorithm;
    private final int keyLength;
    private final boolean timed;

    NoteKeyType(int identifier, @Nullable Algorithm algorithm, int keyLength, boolean timed) {
        this.identifier = (byte) identifier;
        this.algorithm = algorithm;
        this.keyLength = keyLength;
        this.timed = timed;
    }

    byte identifier() {
        return identifier;
    }

    /** The algorithm where the type fixes it; ECDSA is told from the key. */
    public @Nullable Algorithm algorithm() {
        return algorithm;
    }

    /** Length of the raw key in a verifier key; 0 where it is a SubjectPublicKeyInfo of its own length. */
    int keyLength() {
        return keyLength;
    }

    /** Whether a signature of this type carries a time and says "seen" instead of "issued". */
    public boolean isCosignature() {
        return timed;
    }

    static @Nullable NoteKeyType of(byte identifier) {
        for (NoteKeyType type : values()) {
            if (type.identifier == identifier) {
                return type;
            }
        }
        return null;
    }
}
