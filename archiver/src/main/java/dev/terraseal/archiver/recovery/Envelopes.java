package dev.terraseal.archiver.recovery;

import dev.terraseal.archiver.state.BatchSource;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Predicate;

/** The envelopes of batches in the archive: of several versions the oldest that is one of ours. */
final class Envelopes implements BatchSource {
    private final ArchiveReader store;

    Envelopes(ArchiveReader store) {
        this.store = store;
    }

    @Override
    public Optional<Envelope> envelope(SequenceNumber first, Predicate<Envelope> valid) {
        try {
            return store.read(ArchiveNames.batch(first), content -> holds(content, valid))
                    .map(stored -> Envelope.parse(stored.content()));
        } catch (StoreException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static boolean holds(Bytes content, Predicate<Envelope> valid) {
        try {
            return valid.test(Envelope.parse(content));
        } catch (IllegalArgumentException planted) {
            return false;
        }
    }
}
