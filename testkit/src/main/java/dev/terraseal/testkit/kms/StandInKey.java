package dev.terraseal.testkit.kms;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.testkit.log.LatticeSecret;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One asymmetric signing key. It signs with the JDK alone, so that a test which verifies with the product's Bouncy
 * Castle checks one implementation by another; with ML-DSA, which the product verifies by itself, it is the other way round.
 */
final class StandInKey {
    /** "API_Sign", Message: "Messages can be 0-4096 bytes." */
    static final int MESSAGE_MAX = 4096;

    private static final int SHA256_BYTES = 32;
    private static final int MU_BYTES = 64;

    enum State {
        ENABLED,
        DISABLED,
        PENDING_DELETION
    }

    private final String arn;
    private final KeySpec spec;
    private final @Nullable KeyPair pair;
    private final @Nullable LatticeSecret lattice;
    private volatile State state = State.ENABLED;

    StandInKey(String arn, KeySpec spec) {
        this.arn = arn;
        this.spec = spec;
        if (spec.isMlDsa()) {
            byte[] seed = new byte[32];
            new SecureRandom().nextBytes(seed);
            this.pair = null;
            this.lattice = new LatticeSecret(Algorithm.valueOf(spec.name()), seed);
            return;
        }
        this.lattice = null;
        try {
            this.pair = generate(spec);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK cannot make a " + spec + " key", missing);
        }
    }

    private static KeyPair generate(KeySpec spec) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(spec.generator());
        if (spec == KeySpec.ECC_NIST_P256) {
            generator.initialize(new ECGenParameterSpec("secp256r1"));
        } else if (spec.bits() > 0) {
            generator.initialize(spec.bits());
        }
        return generator.generateKeyPair();
    }

    String arn() {
        return arn;
    }

    KeySpec spec() {
        return spec;
    }

    byte[] publicKey() {
        return lattice != null
                ? lattice.spki().toByteArray()
                : secret().getPublic().getEncoded();
    }

    private KeyPair secret() {
        return Objects.requireNonNull(pair, "an ML-DSA key signs elsewhere");
    }

    State state() {
        return state;
    }

    void state(State next) {
        state = next;
    }

    /** The rules of "API_Sign" about Message, MessageType and SigningAlgorithm, then the signature. */
    byte[] sign(byte[] message, String messageType, String algorithm) throws KmsError {
        if (message.length > MESSAGE_MAX) {
            throw KmsError.refused(
                    "ValidationException",
                    "1 validation error detected: Value at 'message' failed to satisfy constraint: Member must have length"
                            + " less than or equal to " + MESSAGE_MAX);
        }
        // "API_Sign", SigningAlgorithm: "Choose an algorithm that is compatible with the type and size of the key";
        // else
        // InvalidKeyUsageException by its text in Errors.
        if (!spec.algorithms().contains(algorithm)) {
            throw KmsError.refused(
                    "InvalidKeyUsageException",
                    "Algorithm " + algorithm + " is incompatible with key spec " + spec + ".");
        }
        if (lattice != null) {
            return signLattice(lattice, message, messageType);
        }
        boolean digest = messageType.equals("DIGEST");
        if (!digest && !messageType.equals("RAW")) {
            throw KmsError.refused("ValidationException", "MessageType " + messageType + " is not for " + spec);
        }
        // "Key spec reference" (Developer Guide), Edwards curve: ED25519_SHA_512 takes MessageType RAW only.
        if (digest && spec == KeySpec.ECC_NIST_EDWARDS25519) {
            throw KmsError.refused("ValidationException", "ED25519_SHA_512 requires MessageType RAW.");
        }
        // "API_Sign", MessageType: with DIGEST "the length of the Message value must match the length of hashed
        // messages
        // for the specified signing algorithm".
        if (digest && message.length != SHA256_BYTES) {
            throw KmsError.refused("ValidationException", "Digest is invalid length for algorithm " + algorithm + ".");
        }
        try {
            return digest ? signDigest(message, algorithm) : signMessage(message, algorithm);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("the JDK must sign with " + algorithm, broken);
        }
    }

    /**
     * "ML-DSA keys in AWS KMS" (Developer Guide): RAW for messages of up to 4,096 bytes, EXTERNAL_MU for the 64 bytes of FIPS
     * 204 section 6.2; "the signatures produced by the externally computed μ are the same as the RAW ones".
     */
    private static byte[] signLattice(LatticeSecret secret, byte[] message, String messageType) throws KmsError {
        if (messageType.equals("EXTERNAL_MU")) {
            if (message.length != MU_BYTES) {
                throw KmsError.refused(
                        "ValidationException", "EXTERNAL_MU takes " + MU_BYTES + " bytes, not " + message.length + ".");
            }
            return secret.signRepresentative(Bytes.copyOf(message)).toByteArray();
        }
        if (!messageType.equals("RAW")) {
            throw KmsError.refused("ValidationException", "ML_DSA_SHAKE_256 requires MessageType RAW or EXTERNAL_MU.");
        }
        return secret.sign(Bytes.copyOf(message)).toByteArray();
    }

    private byte[] signDigest(byte[] digest, String algorithm) throws GeneralSecurityException {
        if (spec == KeySpec.ECC_NIST_P256) {
            return run("NONEwithECDSA", digest, secret().getPrivate());
        }
        RawRsa rsa = new RawRsa((RSAPrivateKey) secret().getPrivate());
        return algorithm.startsWith("RSASSA_PSS") ? rsa.pss(digest) : rsa.pkcs1(digest);
    }

    private byte[] signMessage(byte[] message, String algorithm) throws GeneralSecurityException {
        return switch (algorithm) {
            case "ECDSA_SHA_256" -> run("SHA256withECDSA", message, secret().getPrivate());
            case "ED25519_SHA_512" -> run("Ed25519", message, secret().getPrivate());
            case "RSASSA_PSS_SHA_256" -> run("RSASSA-PSS", message, secret().getPrivate());
            default -> run("SHA256withRSA", message, secret().getPrivate());
        };
    }

    private static byte[] run(String name, byte[] message, PrivateKey key) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(name);
        if (name.equals("RSASSA-PSS")) {
            signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, SHA256_BYTES, 1));
        }
        signature.initSign(key);
        signature.update(message);
        return signature.sign();
    }
}
