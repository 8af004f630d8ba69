package dev.terraseal.testkit.log;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SigningException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A key of the JDK, P-256, RSA or Ed25519, or of ML-DSA: fresh, or following from a seed. */
public final class TestKey implements MessageSigner {
    private final DeclaredKey key;
    private final @Nullable PrivateKey secret;
    private final @Nullable OneNonce oneNonce;
    private final @Nullable LatticeSecret lattice;

    private TestKey(
            DeclaredKey key,
            @Nullable PrivateKey secret,
            @Nullable OneNonce oneNonce,
            @Nullable LatticeSecret lattice) {
        this.key = key;
        this.secret = secret;
        this.oneNonce = oneNonce;
        this.lattice = lattice;
    }

    /** A key that is the same in every run and makes the same signature over the same message. */
    public static TestKey seeded(KeyUse use, Algorithm algorithm, long seed) {
        if (algorithm.isPostQuantum()) {
            byte[] bytes = new byte[32];
            new Random(seed).nextBytes(bytes);
            LatticeSecret secret = new LatticeSecret(algorithm, bytes);
            return new TestKey(DeclaredKey.of(use, algorithm, secret.spki()), null, null, secret);
        }
        try {
            if (algorithm.keyFactoryName().equals("RSA")) {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(2048, new SeededRandom(seed));
                return of(use, algorithm, generator.generateKeyPair(), null);
            }
            if (algorithm != Algorithm.ECDSA_SHA_256) {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
                generator.initialize(255, new SeededRandom(seed));
                return of(use, algorithm, generator.generateKeyPair(), null);
            }
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), new SeededRandom(seed));
            KeyPair pair = generator.generateKeyPair();
            return of(use, algorithm, pair, new OneNonce(pair, generator.generateKeyPair()));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK 17 has P-256, RSA and Ed25519", missing);
        }
    }

    public static TestKey p256(KeyUse use) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return of(use, Algorithm.ECDSA_SHA_256, generator.generateKeyPair(), null);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK 17 has P-256", missing);
        }
    }

    public static TestKey ed25519(KeyUse use) {
        try {
            return of(
                    use,
                    Algorithm.ED25519_SHA_512,
                    KeyPairGenerator.getInstance("Ed25519").generateKeyPair(),
                    null);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK 17 has Ed25519", missing);
        }
    }

    private static TestKey of(KeyUse use, Algorithm algorithm, KeyPair pair, @Nullable OneNonce oneNonce) {
        Bytes spki = Bytes.copyOf(pair.getPublic().getEncoded());
        return new TestKey(DeclaredKey.of(use, algorithm, spki), pair.getPrivate(), oneNonce, null);
    }

    @Override
    public DeclaredKey key() {
        return key;
    }

    @Override
    public Bytes sign(Bytes message) throws SigningException {
        if (oneNonce != null) {
            return oneNonce.sign(message);
        }
        if (lattice != null) {
            return lattice.sign(message);
        }
        try {
            Signature signature = Signature.getInstance(key.algorithm().signatureName());
            if (key.algorithm() == Algorithm.RSASSA_PSS_SHA_256) {
                signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
                // The salt from the message, so that the same message has the same signature in every run.
                signature.initSign(secret, new SeededRandom(message.hashCode()));
            } else {
                signature.initSign(secret);
            }
            signature.update(message.toByteArray());
            return Bytes.wrap(signature.sign());
        } catch (GeneralSecurityException failed) {
            throw SigningException.lasting("the test key " + key.keyid() + " does not sign", failed);
        }
    }

    /** As {@link #sign}; a test key that does not sign breaks the test. */
    public Bytes signOrFail(Bytes message) {
        try {
            return sign(message);
        } catch (SigningException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
