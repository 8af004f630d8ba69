package dev.terraseal.ingest.follow;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.KeyRing.UnauthorisedException;
import dev.terraseal.core.log.LogCheckpoints;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Tells the log's own checkpoints from whatever else lies on their topic, by the keys that the key events so far make. */
final class OwnCheckpoints {
    private final SignatureChecker checker;
    private KeyRing keys;

    /** @param keyEvents statements, oldest first: all below every checkpoint that is asked about */
    OwnCheckpoints(LogDeclaration log, List<Bytes> keyEvents, SignatureChecker checker) {
        this.checker = checker;
        this.keys = KeyRing.of(log);
        keyEvents.forEach(this::keyEvent);
    }

    /** What the authority did not sign changes nothing, and an event that was taken already is not signed for this place. */
    void keyEvent(Bytes statement) {
        Statement event = Statement.parse(statement);
        try {
            keys = keys.apply(KeyEvent.fromBody(event.body()), event.sequence(), checker);
        } catch (UnauthorisedException | IllegalArgumentException refused) {
            // Whoever verifies a receipt with this event comes to the same keys.
        } catch (UncheckableException missing) {
            throw unknowable(missing);
        }
    }

    Optional<Checkpoint> open(Bytes note) {
        try {
            return new LogCheckpoints(keys, checker).open(note);
        } catch (UncheckableException missing) {
            throw unknowable(missing);
        }
    }

    /** The largest of them; what is not the log's hides none. */
    Optional<Checkpoint> largest(Collection<Bytes> notes) {
        try {
            return new LogCheckpoints(keys, checker).largest(notes);
        } catch (UncheckableException missing) {
            throw unknowable(missing);
        }
    }

    private static IllegalStateException unknowable(UncheckableException missing) {
        return new IllegalStateException(
                "signatures cannot be checked here, so it is not known which checkpoints are the log's: "
                        + missing.getMessage(),
                missing);
    }
}
