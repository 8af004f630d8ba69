package dev.terraseal.signer.check;

import dev.terraseal.core.bytes.Digest;

/**
 * What is known to have been signed, from elsewhere than {@code attestations}: below it only the very same statements may
 * be signed again. It matters when that topic was lost or rolled back while the world already saw its entries.
 */
public sealed interface Floor {
    /** How many entries it speaks of. */
    long size();

    /** For messages. */
    String from();

    /** The entry hash of the last of them, which pins all before it through the chain. */
    record ByHash(long size, Digest newest, String from) implements Floor {}

    /** The Merkle root over all of them. */
    record ByRoot(long size, Digest root, String from) implements Floor {}
}
