package dev.terraseal.keys;

import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.ProviderChoice;
import java.security.Provider;
import java.util.Optional;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;

/**
 * Cryptography from outside the JDK. It is handed over as an object and never installed in {@link
 * java.security.Security}: installed, it could take SHA-256 from the JDK, which is seven times faster.
 */
public final class Providers {
    private static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();
    private static final @Nullable Provider BORING_SSL = boringSsl();
    private static final ProviderChoice FAST =
            algorithm -> algorithm == Algorithm.ECDSA_SHA_256 && BORING_SSL != null ? BORING_SSL : BOUNCY_CASTLE;

    private Providers() {}

    /** For {@link dev.terraseal.core.keys.SignatureChecker}: P-256 in native code where there is any, else Bouncy Castle. */
    public static ProviderChoice fast() {
        return FAST;
    }

    /** All that the JDK lacks or does slowly, in Java. */
    public static Provider bouncyCastle() {
        return BOUNCY_CASTLE;
    }

    /**
     * BoringSSL, which signs P-256 five times and checks it 1.7 times as fast as Bouncy Castle. Empty where
     * its library is not built for the platform (it is for 64-bit Linux with glibc, macOS and Windows), and where Conscrypt's
     * jar was taken away because a policy forbids native code; everything works without it.
     */
    public static Optional<Provider> nativeP256() {
        return Optional.ofNullable(BORING_SSL);
    }

    private static @Nullable Provider boringSsl() {
        try {
            return Conscrypt.isAvailable() ? Conscrypt.newProvider() : null;
        } catch (NoClassDefFoundError noJar) {
            return null;
        }
    }
}
