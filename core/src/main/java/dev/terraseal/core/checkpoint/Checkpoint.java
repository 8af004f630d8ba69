package dev.terraseal.core.checkpoint;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.merkle.Merkle;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a log of ours states about itself at one size: origin, size, root, no extension lines. */
public record Checkpoint(LogOrigin origin, long size, Digest root) {
    /** The numbers of our formats end here, those of entries too: a larger tree has entries that nothing could name. */
    public static final long SIZE_MAX = (1L << 53) - 1;

    private static final int LINES_MAX = 64;

    public Checkpoint {
        if (size < 0 || size > SIZE_MAX) {
            throw new IllegalArgumentException("a checkpoint has a size in 0 .. 2^53 - 1, not " + size);
        }
        if (size == 0 && !root.equals(Merkle.EMPTY_ROOT)) {
            throw new IllegalArgumentException("a checkpoint of size 0 has the root of the empty tree");
        }
    }

    /** The text of the note: three lines, each ending in 0x0A. */
    public String text() {
        return origin + "\n" + size + "\n" + root.base64() + "\n";
    }

    /**
     * @throws NoteException if {@code text} is no checkpoint, or one that is not ours: extension lines, a foreign origin, a
     *     size beyond {@link #SIZE_MAX}
     */
    public static Checkpoint parse(String text) throws NoteException {
        TreeHead head = TreeHead.parse(text);
        if (!head.extensions().isEmpty()) {
            throw new NoteException("a checkpoint with extension lines is none of a Terraseal log");
        }
        if (head.size() > SIZE_MAX) {
            throw new NoteException("a Terraseal log has no size beyond 2^53 - 1, and this one is " + head.size());
        }
        try {
            return new Checkpoint(new LogOrigin(head.origin()), head.size(), head.root());
        } catch (IllegalArgumentException foreign) {
            throw new NoteException("the origin of the checkpoint is none of a Terraseal log", foreign);
        }
    }

    /**
     * Reads a note that a log of ours signed: the log's own line comes first and verifies, its name is the origin, and no
     * other line is by a key that has one already.
     *
     * @throws NoteException if any of that does not hold, or there are more lines than a checkpoint of ours has
     */
    public static Checkpoint open(SignedNote note, VerifierKey logKey, SignatureChecker checker)
            throws NoteException, UncheckableException {
        SignatureLine first = note.lines().get(0);
        if (!logKey.isNamedBy(first)) {
            throw new NoteException("the first signature line is by " + first.name() + " (key " + first.keyId()
                    + "), not by the log " + logKey.name() + " (key " + logKey.keyId() + ")");
        }
        requireForm(note);
        note.verify(List.of(logKey), checker);
        Checkpoint checkpoint = parse(note.text());
        if (!checkpoint.origin().value().equals(logKey.name())) {
            throw new NoteException("the checkpoint is of " + checkpoint.origin() + " but signed by " + logKey.name());
        }
        return checkpoint;
    }

    /** C2SP lets a note have any number of lines from 16 on, and several by one key; FORMATS section 9 does not. */
    private static void requireForm(SignedNote note) throws NoteException {
        if (note.lines().size() > LINES_MAX) {
            throw new NoteException("it has " + note.lines().size()
                    + " signature lines; a checkpoint of a Terraseal log has at most " + LINES_MAX);
        }
        Set<String> keys = new HashSet<>();
        for (SignatureLine line : note.lines()) {
            if (!keys.add(line.name() + " " + line.keyId().hex())) {
                throw new NoteException("two of its lines are by one key of " + line.name());
            }
        }
    }

    /** What a log signed a checkpoint with that carries so many second lines. */
    public static Set<Algorithm> algorithms(int secondLines) {
        return secondLines == 0
                ? EnumSet.of(Algorithm.ED25519_SHA_512)
                : EnumSet.of(Algorithm.ED25519_SHA_512, Algorithm.ML_DSA_44);
    }

    /**
     * How many second lines of the log a note carries that was opened: those that name one of {@code keys}.
     *
     * @throws NoteException if one of them does not hold, or one key's is there twice
     */
    public static int secondLines(SignedNote note, List<VerifierKey> keys, SignatureChecker checker)
            throws NoteException, UncheckableException {
        List<VerifiedLine> lines = note.verifyKnown(keys, checker);
        if (lines.stream().map(VerifiedLine::key).distinct().count() < lines.size()) {
            throw new NoteException("a second line of the log is there twice");
        }
        return lines.size();
    }
}
