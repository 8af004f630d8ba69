package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.merkle.InclusionProof;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.verifier.entries.Entry;
import dev.terraseal.verifier.entries.EntrySignatures;
import dev.terraseal.verifier.entries.HeadsCheck;
import dev.terraseal.verifier.files.BundleFiles;
import dev.terraseal.verifier.files.MalformedException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * proofs/stream.json: that the entries shown are all a stream has, by its leaf in the tree of a heads entry, or that the
 * stream has none, by the leaves on both sides of where it would stand.
 */
final class StreamEnd {
    private static final int FILE_MAX = 1 << 16;

    private final BundleFiles files;
    private final String file;
    private final StreamId stream;

    StreamEnd(BundleFiles files, String file, StreamId stream) {
        this.files = files;
        this.file = file;
        this.stream = stream;
    }

    /** The heads entry that closes the stream, as the file names it. */
    SequenceNumber headsEntry() throws IOException {
        try {
            return new SequenceNumber(CanonicalJson.parseObject(files.read(file, FILE_MAX))
                    .object("end")
                    .number("heads"));
        } catch (IllegalArgumentException wrong) {
            throw new MalformedException(file, "cannot be read: " + wrong.getMessage());
        }
    }

    /**
     * Returns if these are all entries of the stream below the closing heads entry.
     *
     * @param count how many are shown
     * @param last the last of them, null if there is none
     */
    void verify(Entry closing, Statement heads, long count, @Nullable Entry last) throws IOException {
        try {
            Json.Obj json =
                    CanonicalJson.parseObject(files.read(file, FILE_MAX)).requireMembers("end", "stream");
            Json.Obj end = json.object("end");
            if (!json.string("stream").equals(stream.value())
                    || end.number("heads") != closing.index().value()) {
                throw new JsonException("is not about stream " + stream + " and heads entry " + closing.index());
            }
            if (last == null) {
                verifyAbsent(end.requireMembers("absent", "heads"), heads);
            } else {
                end.requireMembers("heads", "index", "leaf", "path");
                verifyLeaf(end, heads);
                StreamHead head = new StreamHead(count, last.index(), last.entryHash());
                if (!end.object("leaf").equals(HeadsCheck.leaf(stream, head))) {
                    throw new JsonException("heads entry " + closing.index() + " says stream " + stream + " has "
                            + end.object("leaf").number("count") + " entries, the newest at "
                            + end.object("leaf").number("sequence") + "; " + count + " are here, the newest at "
                            + last.index());
                }
            }
        } catch (IllegalArgumentException wrong) {
            throw new MalformedException(file, String.valueOf(wrong.getMessage()));
        } catch (ProofException notIn) {
            throw new MalformedException(
                    file, "does not lead to heads entry " + closing.index() + ": " + notIn.getMessage());
        }
    }

    private static void verifyLeaf(Json.Obj proof, Statement heads) throws ProofException {
        Json.Obj leaf = proof.object("leaf").requireMembers("count", "entryHash", "id", "sequence");
        new StreamHead(leaf.number("count"), new SequenceNumber(leaf.number("sequence")), leaf.digest("entryHash"));
        InclusionProof.verify(
                proof.number("index"),
                heads.body().number("streams"),
                Merkle.leafHash(leaf.bytes()),
                EntrySignatures.path(proof, Merkle.MAX_LEVELS),
                Digest.fromBase64(heads.body().string("root")));
    }

    private void verifyAbsent(Json.Obj end, Statement heads) throws ProofException {
        List<Json.Obj> neighbours = end.array("absent").objects();
        long streams = heads.body().number("streams");
        if (neighbours.isEmpty() || neighbours.size() > 2) {
            throw new JsonException("an absent stream is shown by one or two neighbours, not " + neighbours.size());
        }
        for (Json.Obj neighbour : neighbours) {
            verifyLeaf(neighbour.requireMembers("index", "leaf", "path"), heads);
        }
        Json.Obj first = neighbours.get(0);
        int before = first.object("leaf").string("id").compareTo(stream.value());
        boolean proves;
        if (neighbours.size() == 2) {
            int after = neighbours.get(1).object("leaf").string("id").compareTo(stream.value());
            proves = before < 0 && after > 0 && neighbours.get(1).number("index") == first.number("index") + 1;
        } else if (before < 0) {
            proves = first.number("index") == streams - 1;
        } else {
            proves = before > 0 && first.number("index") == 0;
        }
        if (!proves) {
            throw new JsonException("its neighbours leave room for stream " + stream);
        }
    }
}
