package dev.terraseal.core.merkle;

import dev.terraseal.core.bytes.Digest;

/** The hashes of complete subtrees, wherever they are kept. What is read is not trusted: proofs made of it are verified. */
@FunctionalInterface
public interface NodeReader {
    /**
     * The root over leaves {@code index * 2^level} to {@code (index + 1) * 2^level - 1}, all of which exist.
     *
     * @throws ProofException if what is kept does not hold the node: absent, of the wrong length. A store that does not
     *     answer is an {@link java.io.UncheckedIOException}.
     */
    Digest node(int level, long index) throws ProofException;
}
