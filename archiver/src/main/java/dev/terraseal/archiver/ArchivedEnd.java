package dev.terraseal.archiver;

import dev.terraseal.archiver.recovery.Recovery;
import dev.terraseal.archiver.recovery.TakenUp;
import dev.terraseal.archiver.state.CheckedEntry;
import dev.terraseal.archiver.state.LogState;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogCheckpoints;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an archive ends. Told from what the log signed, never from names alone, under which anybody who may write can put
 * something.
 *
 * @param checkpoint the newest one
 * @param note of it, as archived
 * @param state the log after the newest entry: entries above the checkpoint that extend it count, for the next archiver
 *     adopts them
 * @param newest the newest entry, null if there is none
 */
public record ArchivedEnd(
        Checkpoint checkpoint,
        Bytes note,
        LogState state,
        @Nullable Statement newest) {

    /**
     * @throws ArchiverStoppedException if the archive is of another log or does not hold together
     * @throws StoreException if it cannot be read
     */
    public static ArchivedEnd read(LogDeclaration log, ArchiveReader store, SignatureChecker checker)
            throws StoreException {
        Recovery recovery = new Recovery(log, store, checker);
        TakenUp found = recovery.takeUp();
        ArchiveReplay above = new ArchiveReplay(found.state(), store, Runnable::run);
        Statement newest = null;
        for (List<CheckedEntry> entries = above.next(); !entries.isEmpty(); entries = above.next()) {
            newest = entries.get(entries.size() - 1).statement();
        }
        if (newest == null && found.checkpoint().size() > 0) {
            newest = recovery.entry(
                    LogCheckpoints.indexOf(found.checkpoint().size()),
                    found.state().head().newest());
        }
        return new ArchivedEnd(found.checkpoint(), found.note(), found.state(), newest);
    }

    /** How many entries the archive holds: below this the topics must not end. */
    public long size() {
        return state.head().size();
    }
}
