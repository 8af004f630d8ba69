package dev.terraseal.testkit.log;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.chain.Heads;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.Proofs;
import java.util.ArrayList;
import java.util.List;

/** The member {@code end} of proofs/stream.json: the leaf of a stream under a heads entry, or its neighbours. */
final class FixtureStreamEnd {
    private FixtureStreamEnd() {}

    static Json.Obj of(LogFixture fixture, int closing, StreamId stream) {
        Heads heads = Heads.parseFile(fixture.headsFile(closing));
        List<StreamId> ids = new ArrayList<>(heads.streams().keySet());
        int at = ids.indexOf(stream);
        if (at >= 0) {
            return leaf(Json.obj().put("heads", closing), heads, at).build();
        }
        int after = 0;
        while (after < ids.size() && ids.get(after).compareTo(stream) < 0) {
            after++;
        }
        List<Json> neighbours = new ArrayList<>();
        for (int i = after - 1; i <= after; i++) {
            if (i >= 0 && i < ids.size()) {
                neighbours.add(leaf(Json.obj(), heads, i).build());
            }
        }
        return Json.obj()
                .put("heads", closing)
                .put("absent", Json.arr(neighbours))
                .build();
    }

    private static Json.Builder leaf(Json.Builder out, Heads heads, int index) {
        List<Digest> hashes = new ArrayList<>();
        heads.leaves().forEach(leaf -> hashes.add(Merkle.leafHash(leaf)));
        return out.put("index", index)
                .put("leaf", CanonicalJson.parse(heads.leaves().get(index)))
                .put("path", texts(NaiveTree.path(new Proofs(new NaiveTree(hashes), hashes.size()), index)));
    }

    static Json.Arr texts(List<Digest> hashes) {
        return Json.texts(hashes.stream().map(Digest::base64).toList());
    }
}
