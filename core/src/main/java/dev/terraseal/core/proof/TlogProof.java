package dev.terraseal.core.proof;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.Decimal;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.TreeHead;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.merkle.InclusionProof;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.ProofException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of a {@code .tlog-proof} file: an entry's index, the path from its leaf to the root, and the checkpoint with
 * all its signatures. {@code extra} is opaque and authenticated by nothing: it is no evidence.
 */
public record TlogProof(@Nullable Bytes extra, long index, List<Digest> path, SignedNote checkpoint) {
    private static final String HEADER = "c2sp.org/tlog-proof@v1";
    private static final int MAX_BYTES = SignedNote.MAX_BYTES + (1 << 17);

    public TlogProof {
        path = List.copyOf(path);
        if (index < 0) {
            throw new IllegalArgumentException("an entry has no index " + index);
        }
    }

    public TlogProof(long index, List<Digest> path, SignedNote checkpoint) {
        this(null, index, path, checkpoint);
    }

    /** The one text of this proof, in UTF-8. */
    public Bytes bytes() {
        StringBuilder out = new StringBuilder(HEADER).append('\n');
        if (extra != null) {
            out.append("extra ").append(extra.base64()).append('\n');
        }
        out.append("index ").append(index).append('\n');
        for (Digest hash : path) {
            out.append(hash.base64()).append('\n');
        }
        return Bytes.concat(Bytes.utf8(out.append('\n').toString()), checkpoint.bytes());
    }

    /** @throws NoteException if {@code bytes} are not exactly what {@link #bytes} writes for some proof */
    public static TlogProof parse(Bytes bytes) throws NoteException {
        if (bytes.length() > MAX_BYTES) {
            throw new NoteException("a proof file has at most " + MAX_BYTES + " bytes, not " + bytes.length());
        }
        Lines lines = new Lines(bytes);
        if (!lines.next().equals(HEADER)) {
            throw new NoteException("a proof file begins with the line " + HEADER);
        }
        String line = lines.next();
        Bytes extra = null;
        if (line.startsWith("extra ")) {
            extra = base64(line.substring("extra ".length()), "the extra data of the proof");
            line = lines.next();
        }
        if (!line.startsWith("index ")) {
            throw new NoteException("the index line of the proof is missing");
        }
        long index = Decimal.parse(line.substring("index ".length()), "the index of the proof");
        List<Digest> path = new ArrayList<>();
        for (line = lines.next(); !line.isEmpty(); line = lines.next()) {
            if (path.size() == Merkle.MAX_LEVELS) {
                throw new NoteException("a path has at most " + Merkle.MAX_LEVELS + " hashes");
            }
            Bytes hash = base64(line, "hash " + path.size() + " of the proof");
            if (hash.length() != Digest.LENGTH) {
                throw new NoteException(
                        "hash " + path.size() + " of the proof has " + hash.length() + " bytes, not 32");
            }
            path.add(Digest.fromBytes(hash));
        }
        return new TlogProof(extra, index, path, SignedNote.parse(bytes.slice(lines.at, bytes.length())));
    }

    private static Bytes base64(String text, String what) throws NoteException {
        try {
            return Bytes.fromBase64(text);
        } catch (IllegalArgumentException malformed) {
            throw new NoteException(what + " is not canonical base64", malformed);
        }
    }

    /**
     * Shows that the leaf is in the tree of a checkpoint that {@code logKey} signed. Whether the origin is the wanted one,
     * and whether enough witnesses cosigned, is for the caller to ask of what is returned and of the note.
     *
     * @return the head the leaf is under
     * @throws NoteException if the checkpoint has no line by {@code logKey}, or one that does not verify
     * @throws ProofException if the path does not lead from the leaf to the root of the checkpoint
     */
    public TreeHead verify(Digest leafHash, VerifierKey logKey, SignatureChecker checker)
            throws NoteException, ProofException, UncheckableException {
        checkpoint.verify(List.of(logKey), checker);
        TreeHead head = TreeHead.parse(checkpoint.text());
        InclusionProof.verify(index, head.size(), leafHash, path, head.root());
        return head;
    }

    /** Reads ASCII lines up to where the note begins. */
    private static final class Lines {
        private final Bytes bytes;
        private int at;

        Lines(Bytes bytes) {
            this.bytes = bytes;
        }

        String next() throws NoteException {
            StringBuilder line = new StringBuilder();
            while (at < bytes.length() && bytes.at(at) != '\n') {
                if (bytes.at(at) < 0x20) {
                    throw new NoteException("the proof holds something other than printable ASCII at byte " + at);
                }
                line.append((char) bytes.at(at++));
            }
            if (at == bytes.length()) {
                throw new NoteException("the proof ends where a line should, at byte " + at);
            }
            at++;
            return line.toString();
        }
    }
}
