package dev.terraseal.keys.local;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.keys.Providers;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;

/** The way a P-256 key signs. Safe for concurrent use. */
sealed interface P256Signing {
    Bytes sign(Bytes message);

    /** The fastest this platform has. */
    static P256Signing fastest(ECPrivateKeyParameters key, Bytes pkcs8) {
        return Providers.nativeP256()
                .<P256Signing>map(provider -> new Native(provider, pkcs8))
                .orElseGet(() -> new Deterministic(key));
    }

    /**
     * BoringSSL. Its nonce is random and takes the key and the message in as well, so that a weak random number does not
     * give the key away; one message has many signatures, as at a key service.
     */
    final class Native implements P256Signing {
        private final Provider provider;
        private final PrivateKey key;

        Native(Provider provider, Bytes pkcs8) {
            this.provider = provider;
            try {
                this.key = KeyFactory.getInstance("EC", provider)
                        .generatePrivate(new PKCS8EncodedKeySpec(pkcs8.toByteArray()));
            } catch (GeneralSecurityException refused) {
                throw new IllegalArgumentException(
                        "a P-256 key that " + provider.getName() + " does not take: " + refused.getMessage(), refused);
            }
        }

        @Override
        public Bytes sign(Bytes message) {
            try {
                Signature signing = Signature.getInstance("SHA256withECDSA", provider);
                signing.initSign(key);
                signing.update(message.asReadOnlyBuffer());
                return Bytes.wrap(signing.sign());
            } catch (GeneralSecurityException failed) {
                throw new IllegalStateException(
                        provider.getName() + " does not sign with a key it took: " + failed.getMessage(), failed);
            }
        }
    }

    /**
     * Bouncy Castle over a SHA-256 made by the JDK. The nonce is RFC 6979's: one message has one signature, and no weak
     * random number can give the key away.
     */
    record Deterministic(ECPrivateKeyParameters key) implements P256Signing {
        @Override
        public Bytes sign(Bytes message) {
            ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
            signer.init(true, key);
            BigInteger[] rs = signer.generateSignature(Digest.of(message).toByteArray());
            try {
                return Bytes.wrap(
                        StandardDSAEncoding.INSTANCE.encode(key.getParameters().getN(), rs[0], rs[1]));
            } catch (IOException impossible) {
                throw new IllegalStateException("an ECDSA signature must have a DER form", impossible);
            }
        }
    }
}
