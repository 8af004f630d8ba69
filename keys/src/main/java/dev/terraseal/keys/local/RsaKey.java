package dev.terraseal.keys.local;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.Algorithm;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.List;

/** RSA by the JDK, which is as fast at it as Bouncy Castle. */
final class RsaKey implements SoftKey {
    private static final int NEW_BITS = 3072;

    private final RSAPrivateCrtKey key;
    private final Bytes spki;

    private RsaKey(RSAPrivateCrtKey key) {
        this.key = key;
        try {
            this.spki = Bytes.wrap(KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()))
                    .getEncoded());
        } catch (GeneralSecurityException unusable) {
            throw new IllegalArgumentException("an RSA key the JDK refuses: " + unusable.getMessage(), unusable);
        }
        Algorithm.RSASSA_PSS_SHA_256.whyNotCanonical(spki).ifPresent(why -> {
            throw new IllegalArgumentException("the key " + why);
        });
    }

    static RsaKey generate(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(NEW_BITS, random);
            return new RsaKey((RSAPrivateCrtKey) generator.generateKeyPair().getPrivate());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("the JDK must make RSA keys of " + NEW_BITS + " bits", impossible);
        }
    }

    static RsaKey of(RSAPrivateCrtKey key) {
        return new RsaKey(key);
    }

    static RsaKey parse(Bytes pkcs8) {
        try {
            if (KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8.toByteArray()))
                    instanceof RSAPrivateCrtKey crt) {
                return new RsaKey(crt);
            }
        } catch (GeneralSecurityException malformed) {
            throw new IllegalArgumentException("an RSA key the JDK refuses: " + malformed.getMessage(), malformed);
        }
        throw new IllegalArgumentException("an RSA key without its primes; write it again with openssl pkcs8 -topk8");
    }

    @Override
    public List<Algorithm> algorithms() {
        return List.of(Algorithm.RSASSA_PSS_SHA_256, Algorithm.RSASSA_PKCS1_V1_5_SHA_256);
    }

    @Override
    public Bytes spki() {
        return spki;
    }

    @Override
    public Bytes pkcs8() {
        return Bytes.wrap(key.getEncoded());
    }

    @Override
    public Bytes sign(Algorithm algorithm, Bytes message) {
        try {
            Signature signature = Signature.getInstance(algorithm.signatureName());
            if (algorithm == Algorithm.RSASSA_PSS_SHA_256) {
                signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            }
            signature.initSign(key);
            signature.update(message.asReadOnlyBuffer());
            return Bytes.wrap(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("an RSA key of 2048 bits or more must sign with " + algorithm, impossible);
        }
    }
}
