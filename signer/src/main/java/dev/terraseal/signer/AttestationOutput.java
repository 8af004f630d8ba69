package dev.terraseal.signer;

import dev.terraseal.core.chain.LogHead;
import dev.terraseal.kafka.KafkaConnection;
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
     * @throws FencedException if a newer signer took over, or Kafka ended a transaction that took too long
     */
    void commit(List<Signed> finished) throws FencedException;

    @Override
    void close();

    /**
     * This signer may not write any more: a newer one of the same log took over, and it must stop for good, or Kafka ended a
     * transaction that took too long, which looks the same.
     */
    final class FencedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean overdue;

        /** @param overdue whether the transaction took so long that Kafka may have ended it by itself */
        FencedException(String transactionalId, boolean overdue, Throwable cause) {
            super(message(transactionalId, overdue), cause);
            this.overdue = overdue;
        }

        private static String message(String transactionalId, boolean overdue) {
            String limit = KafkaConnection.TRANSACTION_TIMEOUT.toSeconds() + " s";
            return overdue
                    ? "a transaction took longer than " + limit + ", so Kafka ended it, or another signer took over"
                            + " (transactional id " + transactionalId
                            + "). Only one may run for a log: see that no other"
                            + " does before this one is started again; nothing is lost"
                    : "another signer took over (transactional id " + transactionalId
                            + "). Only one may run for a log: this one stops and must not be started again while the other"
                            + " runs. If there is no other, a transaction of this one took longer than " + limit
                            + " by the broker's clock and Kafka ended it: then start it again, nothing is lost";
        }

        boolean overdue() {
            return overdue;
        }
    }
}
