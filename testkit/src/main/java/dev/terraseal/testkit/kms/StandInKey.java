package dev.terraseal.testkit.kms;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;

/**
 * One asymmetric signing key. It signs with the JDK alone, so that a test which verifies with the product's Bouncy
 * Castle checks one implementation by another.
 */
final class StandInKey {
    /** "API_Sign", Message: "Messages can be 0-4096 bytes." */
    static final int MESSAGE_MAX = 4096;

    private static final int SHA256_BYTES = 32;

    enum State {
        ENABLED,
        DISABLED,
        PENDING_DELETION
    }

    private final String arn;
    private final KeySpec spec;
    private final KeyPair pair;
    private volatile State state = State.ENABLED;

    StandInKey(String arn, KeySpec spec) {
        this.arn = arn;
        this.spec = spec;
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
        return pair.getPublic().getEncoded();
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

    private byte[] signDigest(byte[] digest, String algorithm) throws GeneralSecurityException {
        if (spec == KeySpec.ECC_NIST_P256) {
            return run("NONEwithECDSA", digest, pair.getPrivate());
        }
        RawRsa rsa = new RawRsa((RSAPrivateKey) pair.getPrivate());
        return algorithm.startsWith("RSASSA_PSS") ? rsa.pss(digest) : rsa.pkcs1(digest);
    }

    private byte[] signMessage(byte[] message, String algorithm) throws GeneralSecurityException {
        return switch (algorithm) {
            case "ECDSA_SHA_256" -> run("SHA256withECDSA", message, pair.getPrivate());
            case "ED25519_SHA_512" -> run("Ed25519", message, pair.getPrivate());
            case "RSASSA_PSS_SHA_256" -> run("RSASSA-PSS", message, pair.getPrivate());
            default -> run("SHA256withRSA", message, pair.getPrivate());
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
