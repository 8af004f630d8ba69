package dev.terraseal.cli.key;

import dev.terraseal.archiver.recovery.ArchivedKeys;
import dev.terraseal.cli.ArchiveOption;
import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.cli.log.ArchivedLog;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyHistory;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.keys.Providers;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.Segment;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Validity;
import java.io.IOException;
import java.util.Optional;

/**
 * A log's keys as its archive has them.
 *
 * @param size entries in the archive's segments
 */
record KnownLog(LogDeclaration log, KeyHistory history, KeyRing keys, long size) {
    private static final SequenceNumber ANY = new SequenceNumber((1L << 53) - 1);

    static KnownLog read(ArchiveOption archive) throws CommandFailedException, IOException {
        try (ArchiveReader reader = archive.open()) {
            LogDeclaration log = new ArchivedLog(reader).declaration();
            ArchivedKeys.Found found = new ArchivedKeys(reader, log, new SignatureChecker(Providers.fast())).read();
            return new KnownLog(log, found.history(), found.ring(), size(reader));
        }
    }

    private static long size(ArchiveReader reader) throws StoreException {
        Optional<String> newest = reader.newestNumbered(ArchiveNames.SEGMENTS, ArchiveNames.SEGMENT_SUFFIX, ANY);
        if (newest.isEmpty()) {
            return 0;
        }
        SequenceNumber first = ArchiveNames.segmentFirst(newest.get()).orElse(SequenceNumber.ZERO);
        try {
            return reader.read(newest.get(), Validity.any())
                    .map(stored -> Segment.parse(first, stored.content()).end())
                    .orElse(first.value());
        } catch (IllegalArgumentException unreadable) {
            return first.value();
        }
    }

    /** The leaf index the next entry has, as far as the archive knows. */
    SequenceNumber next() {
        return new SequenceNumber(size);
    }
}
