package dev.terraseal.signer;

import dev.terraseal.core.chain.LogHead;
import dev.terraseal.signer.check.RefusedEntryException;
import java.util.List;

/** Where attestations go. One thread. */
interface AttestationOutput extends AutoCloseable {
    /**
     * Shuts out every older signer of this log, waits until its last transaction is decided, and tells what is signed.
     * Called once, first.
     *
     * @throws RefusedEntryException if the newest attestation is not one of this log
     */
    LogHead takeOver() throws RefusedEntryException;

    /**
     * Writes all of them, in order, in one transaction. They are durable and visible when this returns; when it throws,
     * either all or none are, and this output is of no more use.
     *
     * @throws FencedException if a newer signer took over: this one must stop for good
     */
    void commit(List<Signed> finished) throws FencedException;

    @Override
    void close();

    /** A newer signer of the same log took over. */
    final class FencedException extends Exception {
        private static final long serialVersionUID = 1L;

        FencedException(String transactionalId, Throwable cause) {
            super(
                    "another signer took over (transactional id " + transactionalId
                            + "). Only one may run for a log: this one"
                            + " stops and must not be started again while the other runs",
                    cause);
        }
    }
}
