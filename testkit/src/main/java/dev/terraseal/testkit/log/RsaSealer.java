package dev.terraseal.testkit.log;

import dev.terraseal.core.bytes.Bytes;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.RSAKeyGenParameterSpec;

/** An RSA key that seals bundles, whatever its exponent: one that no product of ours would declare is among them. */
public final class RsaSealer {
    private final KeyPair pair;

    private RsaSealer(KeyPair pair) {
        this.pair = pair;
    }

    /** The same key in every run. */
    public static RsaSealer seeded(int bits, BigInteger exponent, long seed) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(new RSAKeyGenParameterSpec(bits, exponent), new SeededRandom(seed));
            return new RsaSealer(generator.generateKeyPair());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(
                    "the JDK makes no RSA key of " + bits + " bits for " + exponent, impossible);
        }
    }

    /** {@code openssl dgst -sha256 -sign}. */
    public Bytes sign(Bytes message) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(pair.getPrivate());
            signature.update(message.toByteArray());
            return Bytes.wrap(signature.sign());
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        }
    }

    public String pem() {
        StringBuilder pem = new StringBuilder("-----BEGIN PUBLIC KEY-----\n");
        String text = Bytes.wrap(pair.getPublic().getEncoded()).base64();
        for (int at = 0; at < text.length(); at += 64) {
            pem.append(text, at, Math.min(at + 64, text.length())).append('\n');
        }
        return pem.append("-----END PUBLIC KEY-----\n").toString();
    }
}
