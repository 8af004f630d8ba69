package dev.terraseal.cli.key;

import dev.terraseal.archiver.recovery.ArchivedKeys;
import dev.terraseal.cli.ArchiveOption;
import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.cli.log.ArchivedLog;
import dev.terraseal.cli.up.LogInstance;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyHistory;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.keys.Providers;
import dev.terraseal.store.ArchiveReader;
import java.io.IOException;

/**
 * A log's keys as its archive has them.
 *
 * @param size entries in the archive
 */
record KnownLog(LogDeclaration log, KeyHistory history, KeyRing keys, long size) {
    static KnownLog read(ArchiveOption archive) throws CommandFailedException, IOException {
        try (ArchiveReader reader = archive.open()) {
            LogDeclaration log = new ArchivedLog(reader).declaration();
            ArchivedKeys.Found found = new ArchivedKeys(reader, log, new SignatureChecker(Providers.fast())).read();
            return new KnownLog(log, found.history(), found.ring(), LogInstance.archivedSize(log, reader));
        }
    }

    /** The leaf index the next entry has, as far as the archive knows. */
    SequenceNumber next() {
        return new SequenceNumber(size);
    }
}
