package dev.terraseal.testkit.log;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.Random;

/** An Ed25519 key that is the same in every run: Ed25519 is deterministic, so the notes made with it are too. */
public final class SeededSigner implements MessageSigner {
    private final KeyPair pair;
    private final DeclaredKey key;

    public SeededSigner(KeyUse use, long seed) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(255, new SecureRandom() {
                private static final long serialVersionUID = 1L;

                @Override
                public void nextBytes(byte[] bytes) {
                    new Random(seed).nextBytes(bytes);
                }
            });
            pair = generator.generateKeyPair();
            key = DeclaredKey.of(
                    use,
                    Algorithm.ED25519_SHA_512,
                    Bytes.copyOf(pair.getPublic().getEncoded()));
        } catch (GeneralSecurityException noEd25519) {
            throw new AssertionError(noEd25519);
        }
    }

    @Override
    public DeclaredKey key() {
        return key;
    }

    @Override
    public Bytes sign(Bytes message) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update(message.toByteArray());
            return Bytes.wrap(signature.sign());
        } catch (GeneralSecurityException broken) {
            throw new AssertionError(broken);
        }
    }
}
