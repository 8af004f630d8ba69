package dev.terraseal.testkit.keys;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.SignatureChecker;
import java.security.Provider;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Checks a signature once, for most mutations leave most signatures as they were; and elliptic curves by Bouncy Castle,
 * ten times as fast as the JDK.
 */
public final class RememberingChecker extends SignatureChecker {
    private static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();

    private final Map<Digest, Boolean> known = new HashMap<>();

    public RememberingChecker() {
        super(algorithm -> BOUNCY_CASTLE);
    }

    @Override
    public synchronized boolean verify(DeclaredKey key, Bytes message, Bytes signature) throws UncheckableException {
        Digest question = Digest.of(
                key.keyid().value().bytes(),
                Digest.of(message).bytes(),
                Digest.of(signature).bytes());
        if (!known.containsKey(question)) {
            known.put(question, super.verify(key, message, signature));
        }
        return Objects.requireNonNull(known.get(question));
    }
}
