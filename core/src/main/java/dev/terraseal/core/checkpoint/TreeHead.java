package dev.terraseal.core.checkpoint;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.merkle.Merkle;
import java.util.ArrayList;
import java.util.List;

/**
 * The text of any log's checkpoint (C2SP tlog-checkpoint): origin, size, root, and extension lines that no log should
 * have. Of our own logs use {@link Checkpoint}, which has none.
 */
public record TreeHead(String origin, long size, Digest root, List<String> extensions) {
    private static final int MAX_LINES = 100;

    public TreeHead {
        extensions = List.copyOf(extensions);
    }

    /**
     * Reads the text of a note.
     *
     * @throws NoteException if it is no checkpoint, or has size 0 with another root than the empty tree's
     */
    public static TreeHead parse(String text) throws NoteException {
        List<String> lines = lines(text);
        if (lines.size() < 3) {
            throw new NoteException("a checkpoint has an origin, a size and a root, each on a line of its own");
        }
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isEmpty()) {
                throw new NoteException("line " + (i + 1) + " of a checkpoint is empty");
            }
        }
        long size = Decimal.parse(lines.get(1), "the size of the checkpoint");
        Digest root;
        try {
            root = Digest.fromBase64(lines.get(2));
        } catch (IllegalArgumentException malformed) {
            throw new NoteException(
                    "the root of the checkpoint is not 32 bytes in base64: " + malformed.getMessage(), malformed);
        }
        if (size == 0 && !root.equals(Merkle.EMPTY_ROOT)) {
            throw new NoteException("a checkpoint of size 0 has the root of the empty tree, not " + root.base64());
        }
        return new TreeHead(lines.get(0), size, root, lines.subList(3, lines.size()));
    }

    private static List<String> lines(String text) throws NoteException {
        List<String> lines = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf('\n', at);
            if (end < 0) {
                throw new NoteException("the last line of a checkpoint ends in a newline");
            }
            if (lines.size() == MAX_LINES) {
                throw new NoteException("a checkpoint has at most " + MAX_LINES + " lines");
            }
            lines.add(text.substring(at, end));
            at = end + 1;
        }
        return lines;
    }
}
