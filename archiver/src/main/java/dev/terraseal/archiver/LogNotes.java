package dev.terraseal.archiver;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogCheckpoints;
import dev.terraseal.store.Validity;
import java.util.List;
import java.util.Optional;

/** {@link LogCheckpoints} as the archiver asks for them: where they cannot be checked at all, it stops. */
public final class LogNotes {
    /** Origin, size, root, an empty line, the log's signature. */
    private static final int LINES = 5;

    private final LogCheckpoints checkpoints;

    /** @param keys of the log, with the key events below every size that is asked about */
    public LogNotes(KeyRing keys, SignatureChecker checker) {
        this.checkpoints = new LogCheckpoints(keys, checker);
    }

    /** The checkpoint in {@code bytes}, if the log signed it; lines of others may follow the log's own. */
    public Optional<Checkpoint> open(Bytes bytes) {
        try {
            return checkpoints.open(bytes);
        } catch (UncheckableException missing) {
            throw uncheckable(missing);
        }
    }

    /** The largest checkpoint among them. What does not open, or is of an earlier size, hides none. */
    public Optional<Checkpoint> largest(List<Bytes> notes) {
        try {
            return checkpoints.largest(notes);
        } catch (UncheckableException missing) {
            throw uncheckable(missing);
        }
    }

    private static ArchiverStoppedException uncheckable(UncheckableException missing) {
        return new ArchiverStoppedException("checkpoints cannot be checked here: " + missing.getMessage(), missing);
    }

    /** What may lie under {@code checkpoints/<size>}: a note of that size with the log's own line and no other. */
    public Validity ofSize(long size) {
        return content -> {
            Optional<Checkpoint> checkpoint = open(content);
            return checkpoint.isPresent()
                    && checkpoint.get().size() == size
                    && content.utf8().lines().count() == LINES;
        };
    }
}
