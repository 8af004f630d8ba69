package dev.terraseal.signer;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.store.StoreException;

/** Where the envelopes of batches are kept, before anything names them. Called by one thread at a time. */
@FunctionalInterface
interface BatchShelf {
    /** Of a signer that makes no batches. */
    BatchShelf NONE = (first, made, keys) -> {
        throw new IllegalStateException("a batch at " + first + ", and this signer makes none");
    };

    /**
     * Keeps the envelope of the batch that begins at {@code first}, durably, and never in another's place: what is returned
     * is the one that counts. After a failure it may or may not be kept; the same call again is harmless.
     *
     * @param keys of the log, at {@code first} at least
     */
    Envelope keep(SequenceNumber first, Envelope made, KeyRing keys) throws StoreException;
}
