package dev.terraseal.signer;

import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.store.StoreException;
import java.util.List;

/** What one slot of the {@link SigningWindow} does, on a thread of its pool. */
interface SigningWork {
    /** What is to be signed, in order. */
    List<Admitted> statements();

    /** Whether nothing may begin before its outcome was taken. */
    boolean exclusive();

    /** Asked again, by one thread at a time, after a failure that passes. */
    Outcome attempt() throws SigningException, StoreException;

    /** How it ended. */
    sealed interface Outcome {}

    /** All are signed; those of a batch leave together. */
    record Finished(List<Signed> signed) implements Outcome {
        public Finished {
            signed = List.copyOf(signed);
        }
    }

    /** Nothing is signed: under the batch's name another one is kept, with other entries from the same first on. */
    record KeptBefore(Envelope other) implements Outcome {}
}
