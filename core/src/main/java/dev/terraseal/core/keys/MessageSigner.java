package dev.terraseal.core.keys;

import dev.terraseal.core.bytes.Bytes;

/**
 * A private key that signs, wherever it lives. Blocking; may be called from several threads at once. An implementation
 * retries what it can within its own limits, and the signature it returns verifies under {@link #key()}.
 */
public interface MessageSigner {
    DeclaredKey key();

    /** Signs exactly {@code message}, which the implementation hashes itself where the algorithm says so. */
    Bytes sign(Bytes message) throws SigningException;
}
