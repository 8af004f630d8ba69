package dev.terraseal.verifier.entries;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.Envelope;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where batch envelopes are kept. Asked in ascending order of {@code first}. */
public interface Batches {
    /** The envelope of the batch that begins at {@code first}, or null if there is none. */
    @Nullable Envelope envelope(SequenceNumber first) throws IOException;
}
