package dev.terraseal.core.witness;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.Decimal;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import java.util.ArrayList;
import java.util.List;

/**
 * What a log asks of a witness: cosign {@code note}, which continues the tree of {@code oldSize} as {@code proof} shows
 * (the body of {@code add-checkpoint}). Nothing in it is checked but its form.
 */
public record AddCheckpoint(long oldSize, List<Digest> proof, SignedNote note) {
    /** The largest note, and the longest proof before it. */
    public static final int MAX_BYTES = SignedNote.MAX_BYTES + (1 << 13);

    /** What the protocol allows; no tree that fits a 63-bit size has more. */
    public static final int MAX_PROOF = 63;

    private static final String OLD = "old ";

    public AddCheckpoint {
        proof = List.copyOf(proof);
        if (oldSize < 0) {
            throw new IllegalArgumentException("a tree has no size " + oldSize);
        }
        if (proof.size() > MAX_PROOF) {
            throw new IllegalArgumentException("a proof has at most " + MAX_PROOF + " hashes, not " + proof.size());
        }
    }

    public Bytes bytes() {
        StringBuilder head = new StringBuilder(OLD).append(oldSize).append('\n');
        for (Digest hash : proof) {
            head.append(hash.base64()).append('\n');
        }
        return Bytes.concat(Bytes.utf8(head.append('\n').toString()), note.bytes());
    }

    /** @throws NoteException if {@code body} is not exactly what {@link #bytes} writes for some request */
    public static AddCheckpoint parse(Bytes body) throws NoteException {
        if (body.length() > MAX_BYTES) {
            throw new NoteException("a request has at most " + MAX_BYTES + " bytes, not " + body.length());
        }
        int at = 0;
        List<Digest> proof = new ArrayList<>();
        String first = line(body, at);
        if (!first.startsWith(OLD)) {
            throw new NoteException("the first line of a request is 'old <size>'");
        }
        long oldSize = Decimal.parse(first.substring(OLD.length()), "the old size");
        at += first.length() + 1;
        while (true) {
            String line = line(body, at);
            at += line.length() + 1;
            if (line.isEmpty()) {
                return new AddCheckpoint(oldSize, proof, SignedNote.parse(body.slice(at, body.length())));
            }
            if (proof.size() == MAX_PROOF) {
                throw new NoteException("a proof has at most " + MAX_PROOF + " hashes");
            }
            proof.add(hash(line, proof.size()));
        }
    }

    private static Digest hash(String line, int index) throws NoteException {
        try {
            return Digest.fromBase64(line);
        } catch (IllegalArgumentException malformed) {
            throw new NoteException(
                    "line " + (index + 2) + " is not 32 bytes in base64: " + malformed.getMessage(), malformed);
        }
    }

    /** The line that begins at {@code from}, without its newline; none of them is longer than a hash or a size. */
    private static String line(Bytes body, int from) throws NoteException {
        StringBuilder line = new StringBuilder();
        for (int at = from; at < body.length(); at++) {
            byte each = body.at(at);
            if (each == '\n') {
                return line.toString();
            }
            if (each < 0x20 || each == 0x7f || line.length() == 64) {
                throw new NoteException("byte " + at + " does not belong in a line of a size or a hash");
            }
            line.append((char) each);
        }
        throw new NoteException("the request ends before the checkpoint begins");
    }
}
