package dev.terraseal.archiver;

import dev.terraseal.archiver.recovery.Recovery;
import dev.terraseal.archiver.state.CheckedEntry;
import dev.terraseal.archiver.state.LogState;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * The log as its archive holds it, a segment at a time, each entry checked as an archiver checks what comes from the topic:
 * place, chain, stream, signatures, heads, keys. One thread.
 */
public final class ArchiveReplay {
    private final LogState state;
    private final ArchiveReader store;
    private final Executor checks;

    /**
     * @param state from where on; it moves
     * @param checks verifies signatures, as many at a time as it has threads
     */
    ArchiveReplay(LogState state, ArchiveReader store, Executor checks) {
        this.state = state;
        this.store = store;
        this.checks = checks;
    }

    /** From the first entry on. */
    public static ArchiveReplay ofAll(
            LogDeclaration log, ArchiveReader store, SignatureChecker checker, Executor checks) {
        return new ArchiveReplay(new Recovery(log, store, checker).birth(), store, checks);
    }

    /** The entries of the next segment; empty where no segment extends the log. */
    public List<CheckedEntry> next() throws StoreException {
        SegmentValidity validity = new SegmentValidity(state, checks);
        try {
            Optional<SegmentValidity.Extension> found = store.read(
                            ArchiveNames.segment(state.head().next()), validity)
                    .map(Stored::content)
                    .flatMap(validity::extension);
            found.ifPresent(extension -> extension.advance().commit());
            return found.map(SegmentValidity.Extension::entries).orElse(List.of());
        } catch (UncheckedIOException silent) {
            throw Recovery.unreadable(silent);
        }
    }

    /** The log up to the last entry that was given. */
    public LogState state() {
        return state;
    }
}
