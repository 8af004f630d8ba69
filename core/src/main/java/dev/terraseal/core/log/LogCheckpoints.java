package dev.terraseal.core.log;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Checkpoints of this log, told from whatever else lies beside them: signed by a log key in force at their size. */
public final class LogCheckpoints {
    private final KeyRing keys;
    private final SignatureChecker checker;

    /** @param keys of the log, with the key events below every size that is asked about */
    public LogCheckpoints(KeyRing keys, SignatureChecker checker) {
        this.keys = keys;
        this.checker = checker;
    }

    /** Where the keys in force decide who signs a checkpoint of that size: at its newest entry. */
    public static SequenceNumber indexOf(long size) {
        return new SequenceNumber(Math.max(0, size - 1));
    }

    /**
     * The checkpoint in {@code bytes}, if the log signed it; lines of others may follow the log's own.
     *
     * @throws UncheckableException if Ed25519 cannot be checked here, so that nothing is known of any checkpoint
     */
    public Optional<Checkpoint> open(Bytes bytes) throws UncheckableException {
        SignedNote note;
        SequenceNumber index;
        try {
            note = SignedNote.parse(bytes);
            index = indexOf(Checkpoint.parse(note.text()).size());
        } catch (NoteException malformed) {
            return Optional.empty();
        }
        for (DeclaredKey key : keys.checkpointKeys(Algorithm.ED25519_SHA_512, index)) {
            try {
                return Optional.of(
                        Checkpoint.open(note, VerifierKey.ofLog(keys.log().origin(), key), checker));
            } catch (NoteException anotherKey) {
                // The next key may fit; if none does, the note is not the log's.
            }
        }
        return Optional.empty();
    }

    /** The largest checkpoint among them. What does not open, or is of an earlier size, hides none. */
    public Optional<Checkpoint> largest(Collection<Bytes> notes) throws UncheckableException {
        TreeMap<Long, Set<Bytes>> bySize = new TreeMap<>(Comparator.reverseOrder());
        for (Bytes each : notes) {
            try {
                long size = Checkpoint.parse(SignedNote.parse(each).text()).size();
                bySize.computeIfAbsent(size, first -> new LinkedHashSet<>()).add(each);
            } catch (NoteException foreign) {
                // What is no checkpoint hides none.
            }
        }
        for (Set<Bytes> ofOneSize : bySize.values()) {
            for (Bytes each : ofOneSize) {
                Optional<Checkpoint> checkpoint = open(each);
                if (checkpoint.isPresent()) {
                    return checkpoint;
                }
            }
        }
        return Optional.empty();
    }
}
