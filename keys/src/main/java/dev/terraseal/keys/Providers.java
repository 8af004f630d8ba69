package dev.terraseal.keys;

import java.security.Provider;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Cryptography from outside the JDK. It is handed over as an object and never installed in {@link
 * java.security.Security}: installed, it could take SHA-256 from the JDK, which is seven times faster.
 */
public final class Providers {
    private static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();

    private Providers() {}

    /** Elliptic curves and ML-DSA for {@link dev.terraseal.core.keys.SignatureChecker}. */
    public static Provider fast() {
        return BOUNCY_CASTLE;
    }
}
