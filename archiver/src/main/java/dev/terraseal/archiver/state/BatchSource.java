package dev.terraseal.archiver.state;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.Envelope;
import java.util.Optional;
import java.util.function.Predicate;

/** Where the envelopes of signed batches are: the archive, before any entry that names them is archived. */
@FunctionalInterface
public interface BatchSource {
    /**
     * The oldest envelope under the name of the batch that begins at {@code first} that is {@code valid}; empty if there is
     * none.
     *
     * @throws java.io.UncheckedIOException if the store does not answer
     */
    Optional<Envelope> envelope(SequenceNumber first, Predicate<Envelope> valid);
}
