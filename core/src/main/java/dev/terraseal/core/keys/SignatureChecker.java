package dev.terraseal.core.keys;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.mldsa.MlDsaPublicKey;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks signatures with keys in the form the log declares. Safe for concurrent use.
 *
 * <p>Elliptic curves go to {@code fast} where one is given: Bouncy Castle verifies P-256 thirteen times faster than JDK 17,
 * and native code faster still. RSA always goes to the JDK, and ML-DSA, which JDK 17 has not, to {@link MlDsaPublicKey}: so
 * every platform says the same. An ECDSA signature that is not DER's one form is refused before any of them sees it.
 */
public class SignatureChecker {
    private static final ProviderChoice JDK = algorithm -> null;

    private final Supplier<? extends @Nullable Provider> loader;
    private final int slowFirst;
    private final AtomicInteger curves = new AtomicInteger();
    private final Map<KeyId, PublicKey> parsed = new ConcurrentHashMap<>();
    private final Map<KeyId, MlDsaPublicKey> lattices = new ConcurrentHashMap<>();
    private volatile ProviderChoice fast;

    /** Everything but RSA goes to the provider that {@code fast} names; null is the bare JDK. */
    public SignatureChecker(@Nullable ProviderChoice fast) {
        this(() -> null, 0, fast == null ? JDK : fast);
    }

    private SignatureChecker(Supplier<? extends @Nullable Provider> loader, int slowFirst, ProviderChoice fast) {
        this.loader = loader;
        this.slowFirst = slowFirst;
        this.fast = fast;
    }

    /**
     * A checker that asks for the faster provider only once {@code slowFirst} signatures on curves were checked without it:
     * loading one takes as long as a few hundred checks.
     *
     * @param loader asked once; null if there is no faster one
     */
    public static SignatureChecker loadingLate(Supplier<? extends @Nullable Provider> loader, int slowFirst) {
        return new SignatureChecker(loader, slowFirst, JDK);
    }

    /**
     * Whether {@code signature} is {@code key}'s over exactly {@code message}. A signature of the wrong form is false.
     *
     * @throws UncheckableException if this platform lacks the algorithm: "not checked", never "valid"
     */
    public boolean verify(DeclaredKey key, Bytes message, Bytes signature) throws UncheckableException {
        if (key.algorithm().isPostQuantum()) {
            return lattices.computeIfAbsent(key.keyid(), any -> key.lattice()).verify(message, signature);
        }
        if (key.algorithm() == Algorithm.ECDSA_SHA_256 && !EcdsaSignature.isDer(signature)) {
            return false;
        }
        try {
            if (slowFirst > 0 && curves.incrementAndGet() == slowFirst) {
                Provider loaded = loader.get();
                fast = algorithm -> loaded;
            }
            Signature verifier = signature(key.algorithm());
            verifier.initVerify(publicKey(key));
            verifier.update(message.asReadOnlyBuffer());
            return verifier.verify(signature.toByteArray());
        } catch (SignatureException | InvalidKeySpecException | InvalidKeyException malformed) {
            // Nothing holds under what is no key, such as a point beside the curve.
            return false;
        } catch (GeneralSecurityException missing) {
            throw new UncheckableException(
                    "this Java platform cannot check " + key.algorithm() + " signatures: " + missing.getMessage(),
                    missing);
        }
    }

    private PublicKey publicKey(DeclaredKey key) throws GeneralSecurityException {
        PublicKey known = parsed.get(key.keyid());
        if (known == null) {
            known = keyFactory(key.algorithm())
                    .generatePublic(new X509EncodedKeySpec(key.spki().toByteArray()));
            parsed.put(key.keyid(), known);
        }
        return known;
    }

    private KeyFactory keyFactory(Algorithm algorithm) throws GeneralSecurityException {
        Provider provider = providerFor(algorithm);
        return provider == null
                ? KeyFactory.getInstance(algorithm.keyFactoryName())
                : KeyFactory.getInstance(algorithm.keyFactoryName(), provider);
    }

    private Signature signature(Algorithm algorithm) throws GeneralSecurityException {
        Provider provider = providerFor(algorithm);
        Signature signature = provider == null
                ? Signature.getInstance(algorithm.signatureName())
                : Signature.getInstance(algorithm.signatureName(), provider);
        if (algorithm == Algorithm.RSASSA_PSS_SHA_256) {
            signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        }
        return signature;
    }

    private @Nullable Provider providerFor(Algorithm algorithm) {
        return algorithm.keyFactoryName().equals("RSA") ? null : fast.forAlgorithm(algorithm);
    }

    /** The platform has no such algorithm: nothing is known about the signature. */
    public static final class UncheckableException extends Exception {
        private static final long serialVersionUID = 1L;

        public UncheckableException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
