package dev.terraseal.archiver;

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
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.store.Validity;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Checkpoints of this log, told from whatever else may lie under their names: signed by a log key in force at their size. */
public final class LogNotes {
    /** Origin, size, root, an empty line, the log's signature. */
    private static final int LINES = 5;

    private final KeyRing keys;
    private final SignatureChecker checker;

    /** @param keys of the log, with the key events below every size that is asked about */
    public LogNotes(KeyRing keys, SignatureChecker checker) {
        this.keys = keys;
        this.checker = checker;
    }

    /** Where the keys in force decide who signs a checkpoint of that size: at its newest entry. */
    public static SequenceNumber indexOf(long size) {
        return new SequenceNumber(Math.max(0, size - 1));
    }

    /** The checkpoint in {@code bytes}, if the log signed it; lines of others may follow the log's own. */
    public Optional<Checkpoint> open(Bytes bytes) {
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
            } catch (UncheckableException missing) {
                throw new ArchiverStoppedException(
                        "checkpoints cannot be checked here: " + missing.getMessage(), missing);
            }
        }
        return Optional.empty();
    }

    /** The largest checkpoint among them. What does not open, or is of an earlier size, hides none. */
    public Optional<Checkpoint> largest(List<Bytes> notes) {
        TreeMap<Long, Set<Bytes>> bySize = new TreeMap<>(Comparator.reverseOrder());
        for (Bytes each : notes) {
            try {
                long size = Checkpoint.parse(SignedNote.parse(each).text()).size();
                bySize.computeIfAbsent(size, first -> new LinkedHashSet<>()).add(each);
            } catch (NoteException foreign) {
                // What is no checkpoint hides none.
            }
        }
        return bySize.values().stream()
                .flatMap(Set::stream)
                .map(this::open)
                .flatMap(Optional::stream)
                .findFirst();
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
