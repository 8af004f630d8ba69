package dev.terraseal.keys.local;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.Algorithm;
import java.io.IOException;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** A private key in this process's memory. Immutable, safe for concurrent use, and never printed. */
public sealed interface SoftKey permits P256Key, Ed25519Key, RsaKey, MlDsaKey {
    /** What it can sign with; the first is the default. */
    List<Algorithm> algorithms();

    /** The canonical SubjectPublicKeyInfo (DER) of the public half. */
    Bytes spki();

    /** The private half as unencrypted PKCS#8 (DER), in the form {@code openssl} reads. */
    Bytes pkcs8();

    /** Signs {@code message}; {@code algorithm} is one of {@link #algorithms()}. */
    Bytes sign(Algorithm algorithm, Bytes message);

    /** A new P-256 key, the default for statements and seals. */
    static SoftKey newP256(SecureRandom random) {
        return P256Key.generate(random);
    }

    /** A new Ed25519 key, the default for checkpoints, identities and authority. */
    static SoftKey newEd25519(SecureRandom random) {
        return Ed25519Key.generate(random);
    }

    /** A new RSA key of 3,072 bits, for where P-256 cannot be used. */
    static SoftKey newRsa(SecureRandom random) {
        return RsaKey.generate(random);
    }

    /** A new key for an algorithm. */
    static SoftKey generate(Algorithm algorithm, SecureRandom random) {
        return switch (algorithm) {
            case ECDSA_SHA_256 -> newP256(random);
            case ED25519_SHA_512 -> newEd25519(random);
            case RSASSA_PSS_SHA_256, RSASSA_PKCS1_V1_5_SHA_256 -> newRsa(random);
            case ML_DSA_44, ML_DSA_65 -> MlDsaKey.generate(algorithm, random);
        };
    }

    /**
     * Reads unencrypted PKCS#8 (RFC 5208): P-256, Ed25519, ML-DSA-44 and -65, or RSA of at least 2048 bits.
     *
     * @throws IllegalArgumentException for anything else, with what was found
     */
    static SoftKey fromPkcs8(Bytes der) {
        PrivateKeyInfo info;
        try {
            info = PrivateKeyInfo.getInstance(der.toByteArray());
            if (info.getPrivateKeyAlgorithm().getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)) {
                return P256Key.parse(info);
            }
            if (info.getPrivateKeyAlgorithm().getAlgorithm().equals(Ed25519Key.OID)) {
                return Ed25519Key.parse(info);
            }
            if (MlDsaKey.isOid(info.getPrivateKeyAlgorithm().getAlgorithm())) {
                return MlDsaKey.parse(info);
            }
        } catch (IOException | IllegalArgumentException | IllegalStateException malformed) {
            throw new IllegalArgumentException("not an unencrypted PKCS#8 key: " + malformed.getMessage(), malformed);
        }
        if (info.getPrivateKeyAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.rsaEncryption)) {
            return RsaKey.parse(der);
        }
        throw new IllegalArgumentException(
                "a key of algorithm " + info.getPrivateKeyAlgorithm().getAlgorithm()
                        + "; P-256, Ed25519, RSA, ML-DSA-44 and ML-DSA-65 can be used");
    }

    /** Wraps a key pair's private half that the JDK made. */
    static SoftKey ofRsa(RSAPrivateCrtKey key) {
        return RsaKey.of(key);
    }
}
