package dev.terraseal.archiver;

import dev.terraseal.archiver.recovery.Recovery;
import dev.terraseal.archiver.state.LogState;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import java.util.Optional;

/**
 * How many entries an archive holds: below this the topics must not end. Told from what the log signed, never from names
 * alone, under which anybody who may write can put something.
 */
public final class ArchivedSize {
    private ArchivedSize() {}

    /**
     * @throws ArchiverStoppedException if the archive is of another log or does not hold together
     * @throws StoreException if it cannot be read
     */
    public static long of(LogDeclaration log, ArchiveReader store, SignatureChecker checker) throws StoreException {
        LogState state = new Recovery(log, store, checker).takeUp().state();
        while (true) {
            SegmentValidity validity = new SegmentValidity(state, Runnable::run);
            Optional<SegmentValidity.Extension> above = store.read(
                            ArchiveNames.segment(state.head().next()), validity)
                    .map(Stored::content)
                    .flatMap(validity::extension);
            if (above.isEmpty()) {
                return state.head().size();
            }
            above.get().advance().commit();
        }
    }
}
