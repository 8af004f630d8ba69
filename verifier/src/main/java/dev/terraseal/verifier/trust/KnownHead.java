package dev.terraseal.verifier.trust;

import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import java.util.Optional;

/**
 * A checkpoint of the log that the caller has from elsewhere.
 *
 * @param suspicion what is to be said of the key that signed it, if the log calls that key compromised by then
 */
public record KnownHead(Checkpoint checkpoint, Optional<String> suspicion) {
    /** By the log keys that were in force: an older checkpoint than a rotation is by an older key. */
    public interface Opener {
        /** @throws NoteException if the note is no checkpoint of this log by a key in force at its size */
        KnownHead open(SignedNote note) throws NoteException, UncheckableException;
    }
}
