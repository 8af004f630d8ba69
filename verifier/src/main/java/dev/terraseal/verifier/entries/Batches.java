package dev.terraseal.verifier.entries;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.Envelope;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where batch envelopes are kept. Entries ask in ascending order; the batches they name may take turns. */
public interface Batches {
    /**
     * The envelope of the batch that begins at {@code first}, or null if there is none, or none that can cover the entry.
     *
     * @param entry that names the batch; at or after {@code first}
     */
    @Nullable Envelope envelope(SequenceNumber first, SequenceNumber entry) throws IOException;

    /** After the last entry: a source that holds envelopes which none named says so. */
    default void finish() throws IOException {}
}
