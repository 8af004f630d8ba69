package dev.terraseal.core.keys;

import dev.terraseal.core.bytes.Bytes;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;

/** A signature algorithm, by AWS KMS's names. A key has one for ever, declared in the log and never in an envelope. */
public enum Algorithm {
    /** P-256, DER signatures. */
    ECDSA_SHA_256("EC", "SHA256withECDSA", "3059301306072a8648ce3d020106082a8648ce3d03010703420004", 91),
    /** RSA-PSS, MGF1 with SHA-256, salt of 32 bytes, modulus of at least 2048 bits. */
    RSASSA_PSS_SHA_256("RSA", "RSASSA-PSS", "", 0),
    /** RSA PKCS#1 v1.5, modulus of at least 2048 bits. */
    RSASSA_PKCS1_V1_5_SHA_256("RSA", "SHA256withRSA", "", 0),
    /** Ed25519 (RFC 8032), pure. */
    ED25519_SHA_512("Ed25519", "Ed25519", "302a300506032b6570032100", 44),
    /** FIPS 204, empty context. */
    ML_DSA_44("ML-DSA", "ML-DSA", "30820532300b06096086480165030403110382052100", 1334),
    /** FIPS 204, empty context. */
    ML_DSA_65("ML-DSA", "ML-DSA", "308207b2300b0609608648016503040312038207a100", 1974);

    private static final int RSA_BITS_MIN = 2048;
    /** Browsers and OpenSSL check no larger ones, and no exponent beyond 33 bits. */
    private static final int RSA_BITS_MAX = 16_384;

    private static final int RSA_EXPONENT_BITS_MAX = 32;

    private final String keyFactory;
    private final String signature;

    @SuppressWarnings("ImmutableEnumChecker") // Bytes never change
    private final Bytes spkiPrefix;

    private final int spkiLength;

    Algorithm(String keyFactory, String signature, String spkiPrefix, int spkiLength) {
        this.keyFactory = keyFactory;
        this.signature = signature;
        this.spkiPrefix = Bytes.fromHex(spkiPrefix);
        this.spkiLength = spkiLength;
    }

    /** The JCA name of the key type. */
    public String keyFactoryName() {
        return keyFactory;
    }

    /** The JCA name of the signature scheme. */
    public String signatureName() {
        return signature;
    }

    /** Whether it is believed to hold against quantum computers; of a key of each kind a statement may carry a signature. */
    public boolean isPostQuantum() {
        return this == ML_DSA_44 || this == ML_DSA_65;
    }

    /** The key itself in a canonical SPKI: all that follows the part which every key of the algorithm has. */
    public Bytes rawKey(Bytes spki) {
        return spki.slice(spkiPrefix.length(), spki.length());
    }

    /** The canonical SPKI of a raw key; the opposite of {@link #rawKey}. Not for RSA, whose keys have no fixed form. */
    public Bytes spkiOf(Bytes rawKey) {
        return Bytes.concat(spkiPrefix, rawKey);
    }

    public static Optional<Algorithm> fromText(String text) {
        for (Algorithm algorithm : values()) {
            if (algorithm.name().equals(text)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }

    /**
     * Why {@code spki} is not the canonical SubjectPublicKeyInfo of a key for this algorithm, or empty if it is. Canonical
     * means named curve and uncompressed point, NULL parameters for RSA: else one key would count twice under two names.
     */
    public Optional<String> whyNotCanonical(Bytes spki) {
        if (!keyFactory.equals("RSA")) {
            boolean fits = spki.length() == spkiLength
                    && spki.slice(0, spkiPrefix.length()).equals(spkiPrefix);
            return fits ? Optional.empty() : Optional.of("is not the canonical SPKI of a " + name() + " key");
        }
        try {
            KeyFactory rsa = KeyFactory.getInstance("RSA");
            RSAPublicKey key = (RSAPublicKey) rsa.generatePublic(new X509EncodedKeySpec(spki.toByteArray()));
            if (key.getModulus().bitLength() < RSA_BITS_MIN) {
                return Optional.of(
                        "is an RSA key of " + key.getModulus().bitLength() + " bits; at least 2048 are needed");
            }
            if (key.getModulus().bitLength() > RSA_BITS_MAX) {
                return Optional.of("is an RSA key of " + key.getModulus().bitLength() + " bits; more than "
                        + RSA_BITS_MAX + " are not checked");
            }
            BigInteger exponent = key.getPublicExponent();
            if (exponent.bitLength() < 2 || exponent.bitLength() > RSA_EXPONENT_BITS_MAX || !exponent.testBit(0)) {
                return Optional.of("is an RSA key with an exponent that is not odd and from 3 to 2^32 - 1");
            }
            byte[] again = rsa.generatePublic(new RSAPublicKeySpec(key.getModulus(), exponent))
                    .getEncoded();
            return Bytes.wrap(again).equals(spki)
                    ? Optional.empty()
                    : Optional.of("is not the canonical SPKI of an RSA key");
        } catch (GeneralSecurityException notRsa) {
            return Optional.of("is not the SPKI of an RSA key: " + notRsa.getMessage());
        }
    }
}
