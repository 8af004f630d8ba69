package dev.terraseal.keys;

import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One place where private keys live: a directory, a file, a key of AWS KMS. Safe for concurrent use. It retries what may
 * pass within seconds; whatever it throws names the key and what to do.
 */
public interface KeySource extends AutoCloseable {
    /**
     * The public half, as a log would declare it in {@code use}.
     *
     * @param algorithm the one to declare where a key could serve several (RSA); null takes the default of FORMATS
     *     section 1
     * @throws KeyUnavailableException also where this source cannot sign what that use signs
     */
    DeclaredKey declaration(KeyUse use, @Nullable Algorithm algorithm) throws KeyUnavailableException;

    /**
     * The private key behind one of {@code declared}, compared by key id and not by name. The signer lives as long as
     * this source is open.
     *
     * @throws KeyUnavailableException if none of them is here, with the key ids of both sides; retryable where this source
     *     did not answer
     */
    MessageSigner signer(List<DeclaredKey> declared) throws KeyUnavailableException;

    @Override
    void close();
}
