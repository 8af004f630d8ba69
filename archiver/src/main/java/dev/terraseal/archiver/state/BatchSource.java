package dev.terraseal.archiver.state;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.Envelope;
import java.util.Optional;

/** Where the envelopes of signed batches are: the archive, before any entry that names them is archived. */
@FunctionalInterface
public interface BatchSource {
    /**
     * The envelope of the batch that begins at {@code first}; empty if there is none that can be read.
     *
     * @throws java.io.UncheckedIOException if the store does not answer
     */
    Optional<Envelope> envelope(SequenceNumber first);
}
