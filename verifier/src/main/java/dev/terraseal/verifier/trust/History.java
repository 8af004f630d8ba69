package dev.terraseal.verifier.trust;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.merkle.ProofException;
import java.io.IOException;

/** What can be shown about older heads of the log that was read. */
public interface History {
    /**
     * Returns if the log that was read continues the tree of {@code size} under {@code root}.
     *
     * @throws ProofException if it does not, or if nothing here can show it
     */
    void requirePrefix(long size, Digest root) throws ProofException, IOException;
}
