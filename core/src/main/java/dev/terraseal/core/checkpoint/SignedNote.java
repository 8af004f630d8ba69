package dev.terraseal.core.checkpoint;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A text and the lines of those who signed it (C2SP signed-note). What {@link #parse} returns is of the right form and no
 * more: read the text only after {@link #verify}.
 */
public record SignedNote(String text, List<SignatureLine> lines) {
    /** Beyond this a note is refused before it is read; every witness of a large quorum fits many times. */
    public static final int MAX_BYTES = 1 << 20;

    /** C2SP asks for at least 16; Go's note package stops at 100 too. */
    public static final int MAX_LINES = 100;

    public SignedNote {
        lines = List.copyOf(lines);
        if (!text.endsWith("\n")) {
            throw new IllegalArgumentException("the text of a signed note ends in a newline");
        }
        if (lines.isEmpty() || lines.size() > MAX_LINES) {
            throw new IllegalArgumentException(
                    "a signed note has 1 to " + MAX_LINES + " signature lines, not " + lines.size());
        }
    }

    /** @throws NoteException if {@code bytes} are not exactly what {@link #bytes} writes for some note */
    public static SignedNote parse(Bytes bytes) throws NoteException {
        if (bytes.length() > MAX_BYTES) {
            throw new NoteException("a signed note has at most " + MAX_BYTES + " bytes, not " + bytes.length());
        }
        for (int i = 0; i < bytes.length(); i++) {
            if (bytes.at(i) >= 0 && bytes.at(i) < 0x20 && bytes.at(i) != '\n') {
                throw new NoteException(
                        "a signed note holds no control character but newline; there is one at byte " + i);
            }
        }
        String note;
        try {
            note = bytes.utf8();
        } catch (IllegalArgumentException malformed) {
            throw new NoteException("a signed note is UTF-8, and this is not", malformed);
        }
        int blank = note.lastIndexOf("\n\n");
        if (blank < 0) {
            throw new NoteException("there is no empty line between a text and its signature lines");
        }
        if (!note.endsWith("\n") || blank + 2 == note.length()) {
            throw new NoteException("no signature line ending in a newline follows the last empty line");
        }
        return new SignedNote(note.substring(0, blank + 1), parseLines(note, blank + 2));
    }

    private static List<SignatureLine> parseLines(String note, int from) throws NoteException {
        List<SignatureLine> lines = new ArrayList<>();
        for (int at = from; at < note.length(); ) {
            int end = note.indexOf('\n', at);
            if (lines.size() == MAX_LINES) {
                throw new NoteException("a signed note has at most " + MAX_LINES + " signature lines");
            }
            lines.add(SignatureLine.parse(note.substring(at, end)));
            at = end + 1;
        }
        return lines;
    }

    public Bytes bytes() {
        StringBuilder out = new StringBuilder(text).append('\n');
        for (SignatureLine line : lines) {
            out.append(line.text()).append('\n');
        }
        return Bytes.utf8(out.toString());
    }

    /** The note with one more line at its end. A line already there is not repeated. */
    public SignedNote with(SignatureLine line) {
        if (lines.contains(line)) {
            return this;
        }
        List<SignatureLine> more = new ArrayList<>(lines);
        more.add(line);
        return new SignedNote(text, more);
    }

    /** The note cut after its first line: of a checkpoint of ours these are the bytes of {@code checkpoints/<size>}. */
    public SignedNote firstLineOnly() {
        return new SignedNote(text, lines.subList(0, 1));
    }

    /**
     * Checks every line whose name and key id are those of a given key, and ignores the others.
     *
     * @return the lines that verified, at least one, in the order of the note
     * @throws NoteException if a line of a given key does not verify (the whole note is refused then, whatever the other
     *     lines say), or if no line is of a given key
     * @throws UncheckableException if this platform cannot check a line of a given key
     */
    public List<VerifiedLine> verify(Collection<VerifierKey> keys, SignatureChecker checker)
            throws NoteException, UncheckableException {
        List<VerifiedLine> verified = verifyKnown(keys, checker);
        if (verified.isEmpty()) {
            throw new NoteException("no signature line is by a key given for it");
        }
        return verified;
    }

    /** As {@link #verify}, but a note without any line of a given key yields an empty list. */
    public List<VerifiedLine> verifyKnown(Collection<VerifierKey> keys, SignatureChecker checker)
            throws NoteException, UncheckableException {
        List<VerifiedLine> verified = new ArrayList<>();
        for (SignatureLine line : lines) {
            for (VerifierKey key : keys) {
                if (key.isNamedBy(line)) {
                    verified.add(key.verify(text, line, checker));
                    break;
                }
            }
        }
        return List.copyOf(verified);
    }
}
