package dev.terraseal.core.witness;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.TreeHead;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.ConsistencyProof;
import dev.terraseal.core.merkle.ProofException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The proof that a log signed two histories, for anybody who knows its key: two of its checkpoints and, where their sizes
 * differ, the hashes that lead from the first {@code first.size} leaves of the larger tree to its signed root. They lead to
 * another root of the smaller tree than the log signed. It needs no word of the witness who kept it.
 *
 * @param first of the smaller size
 * @param prefix as {@link ConsistencyProof#rootsOf} reads it; empty for equal sizes
 * @param log the declaration whose genesis somebody pinned, where the witness had it
 */
public record SplitView(
        SignedNote first,
        SignedNote second,
        List<Digest> prefix,
        @Nullable LogDeclaration log) {
    public static final String FORMAT = "https://terraseal.dev/split-view/v1";

    /** Two notes and 64 hashes, with a declaration. */
    public static final int MAX_BYTES = 4 * SignedNote.MAX_BYTES;

    public SplitView {
        prefix = List.copyOf(prefix);
    }

    /** What a proof shows, once it was verified: two heads, and the root the smaller one would have under the larger. */
    public record Shown(TreeHead first, TreeHead second, Digest otherRoot) {}

    /** Of two notes in any order; {@code prefix} is about the smaller size within the larger tree. */
    public static SplitView of(SignedNote one, SignedNote other, List<Digest> prefix, @Nullable LogDeclaration log)
            throws NoteException {
        boolean inOrder = TreeHead.parse(one.text()).size()
                <= TreeHead.parse(other.text()).size();
        return new SplitView(inOrder ? one : other, inOrder ? other : one, prefix, log);
    }

    public Bytes bytes() {
        Json.Builder out = Json.obj()
                .put("first", first.bytes().utf8())
                .put("format", FORMAT)
                .put("second", second.bytes().utf8());
        if (log != null) {
            out.put("log", CanonicalJson.parse(log.bytes()));
        }
        if (!prefix.isEmpty()) {
            out.put("prefix", Json.texts(prefix.stream().map(Digest::base64).toList()));
        }
        return out.build().bytes();
    }

    /** @throws NoteException if {@code bytes} are not what {@link #bytes} writes for some proof */
    public static SplitView parse(Bytes bytes) throws NoteException {
        if (bytes.length() > MAX_BYTES) {
            throw new NoteException("a proof of two histories has at most " + MAX_BYTES + " bytes");
        }
        try {
            Json.Obj json =
                    CanonicalJson.parseObject(bytes).requireMembers("first", "format", "log?", "prefix?", "second");
            if (!json.string("format").equals(FORMAT)) {
                throw new NoteException("the file has format '" + json.string("format") + "', not " + FORMAT);
            }
            List<Digest> prefix = new ArrayList<>();
            if (json.has("prefix")) {
                json.array("prefix").strings().forEach(hash -> prefix.add(Digest.fromBase64(hash)));
                if (prefix.isEmpty()) {
                    throw new NoteException("'prefix' is there and empty");
                }
            }
            Json.Obj log = json.objectOrNull("log");
            return new SplitView(
                    SignedNote.parse(Bytes.utf8(json.string("first"))),
                    SignedNote.parse(Bytes.utf8(json.string("second"))),
                    prefix,
                    log == null ? null : LogDeclaration.parse(log.bytes()));
        } catch (JsonException malformed) {
            throw new NoteException("it is no proof of two histories: " + malformed.getMessage(), malformed);
        } catch (IllegalArgumentException malformed) {
            throw new NoteException("it is no proof of two histories: " + malformed.getMessage(), malformed);
        }
    }

    /**
     * Checks that the log with these keys signed both notes, and that no one history has both.
     *
     * @throws NoteException if it did not, or if they may well be of one history
     */
    public Shown verify(List<VerifierKey> logKeys, SignatureChecker checker)
            throws NoteException, UncheckableException {
        first.verify(logKeys, checker);
        second.verify(logKeys, checker);
        TreeHead smaller = TreeHead.parse(first.text());
        TreeHead larger = TreeHead.parse(second.text());
        if (!smaller.origin().equals(larger.origin())) {
            throw new NoteException(
                    "the notes are of two logs, '" + smaller.origin() + "' and '" + larger.origin() + "'");
        }
        Digest other = other(smaller, larger);
        if (other.equals(smaller.root())) {
            throw new NoteException("both notes are of one history: the tree of " + larger.size()
                    + " entries begins with the tree of " + smaller.size() + " that the other note states");
        }
        return new Shown(smaller, larger, other);
    }

    private Digest other(TreeHead smaller, TreeHead larger) throws NoteException {
        if (smaller.size() == larger.size()) {
            if (!prefix.isEmpty()) {
                throw new NoteException("between equal sizes there is no prefix");
            }
            return larger.root();
        }
        try {
            ConsistencyProof.Roots roots = ConsistencyProof.rootsOf(smaller.size(), larger.size(), prefix);
            if (!roots.now().equals(larger.root())) {
                throw new NoteException("the hashes do not lead to the root of the note of size " + larger.size()
                        + ", so they say nothing about its first " + smaller.size() + " entries");
            }
            return roots.old();
        } catch (ProofException malformed) {
            throw new NoteException(String.valueOf(malformed.getMessage()), malformed);
        }
    }
}
