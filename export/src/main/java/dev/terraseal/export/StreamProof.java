package dev.terraseal.export;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.chain.Heads;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.NodeReader;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.merkle.Proofs;
import dev.terraseal.export.ProvenLog.ArchivedHeads;
import java.util.ArrayList;
import java.util.List;

/** proofs/stream.json: how many entries a stream has by a heads entry, or that it has none. */
final class StreamProof {
    private StreamProof() {}

    static Bytes bytes(StreamId stream, ArchivedHeads closing) throws ProofException {
        return Json.obj()
                .put("end", end(stream, closing))
                .put("stream", stream.value())
                .build()
                .bytes();
    }

    private static Json.Obj end(StreamId stream, ArchivedHeads closing) throws ProofException {
        Heads heads = closing.heads();
        HeadsTree tree = HeadsTree.of(heads);
        Json.Builder out = Json.obj().put("heads", closing.sequence().value());
        List<StreamId> ids = new ArrayList<>(heads.streams().keySet());
        int at = java.util.Collections.binarySearch(ids, stream);
        if (at >= 0) {
            return tree.describe(out, at).build();
        }
        int after = -at - 1;
        List<Json> neighbours = new ArrayList<>();
        for (int i = Math.max(0, after - 1); i <= after && i < ids.size(); i++) {
            neighbours.add(tree.describe(Json.obj(), i).build());
        }
        return out.put("absent", Json.arr(neighbours)).build();
    }

    static Json.Arr texts(List<Digest> hashes) {
        return Json.texts(hashes.stream().map(Digest::base64).toList());
    }
    /** The tree over the leaves of a heads entry, every level of it. */
    private record HeadsTree(Heads heads, List<List<Digest>> levels) implements NodeReader {
        static HeadsTree of(Heads heads) {
            List<List<Digest>> levels = new ArrayList<>();
            List<Digest> level = new ArrayList<>();
            heads.leaves().forEach(leaf -> level.add(Merkle.leafHash(leaf)));
            levels.add(level);
            for (List<Digest> below = level; below.size() > 1; below = levels.get(levels.size() - 1)) {
                List<Digest> above = new ArrayList<>();
                for (int i = 0; i + 1 < below.size(); i += 2) {
                    above.add(Merkle.nodeHash(below.get(i), below.get(i + 1)));
                }
                levels.add(above);
            }
            return new HeadsTree(heads, levels);
        }

        @Override
        public Digest node(int level, long index) {
            return levels.get(level).get((int) index);
        }

        Json.Builder describe(Json.Builder out, int index) throws ProofException {
            return out.put("index", index)
                    .put("leaf", CanonicalJson.parse(heads.leaves().get(index)))
                    .put("path", texts(new Proofs(this, levels.get(0).size()).inclusion(index)));
        }
    }
}
