package dev.terraseal.testkit.mutation;

import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Streams with entries left out, everything made anew and sealed with the real export key. */
final class StreamEdits {
    private static final String FILE = "proofs/stream.json";
    private static final Expected BROKEN = Expected.refused("chain", "broken-stream", "missing-entry");
    private static final Expected NOT_WHOLE = Expected.refused("stream-heads", "bad-heads");

    private final Draft draft;
    private final Base base;
    private final BundleBytes whole;
    private final Json.Obj proof;
    private final String stream;
    private final List<Integer> entries = new ArrayList<>();

    private StreamEdits(Draft draft) {
        this.draft = draft;
        this.base = draft.base();
        this.whole = draft.bundle();
        this.proof = CanonicalJson.parseObject(whole.get(FILE));
        this.stream = proof.string("stream");
        for (int index : base.indices()) {
            boolean ours = Statement.parse(base.fixture().entries().get(index).statement()).stream()
                    .value()
                    .equals(stream);
            if (ours) {
                entries.add(index);
            }
        }
    }

    static void add(Draft draft) {
        if (!draft.base().isStream()) {
            return;
        }
        StreamEdits edits = new StreamEdits(draft);
        edits.leaveOut();
        edits.leaf("end");
        edits.absent("end");
        edits.names();
        edits.strangers();
    }

    /** Every run of entries, from the first, in the middle, up to the last, and all of them. */
    private void leaveOut() {
        for (int from = 0; from < entries.size(); from++) {
            for (int to = from + 1; to <= entries.size(); to++) {
                BundleBytes liar =
                        FixtureExport.of(base.fixture()).leavingOut(entries.subList(from, to)).stream(stream);
                boolean tail = to == entries.size();
                draft.resealed(
                        "entries " + entries.get(from) + " to " + entries.get(to - 1) + " of the stream left out",
                        liar,
                        tail ? NOT_WHOLE : BROKEN);
            }
        }
        int closing = (int) proof.object("end").number("heads");
        if (!entries.isEmpty()) {
            draft.resealed(
                    "the closing heads entry left out",
                    FixtureExport.of(base.fixture()).leavingOut(List.of(closing)).stream(stream),
                    NOT_WHOLE);
        }
    }

    private void put(String what, Json.Obj changed, Expected expected) {
        draft.resealed(what + " in the stream's proof", whole.with(FILE, changed.bytes()), expected);
    }

    private static Json.Obj with(Json.Obj object, String member, Json value) {
        Json.Builder out = Json.obj();
        object.members().forEach((name, old) -> out.put(name, name.equals(member) ? value : old));
        return out.build();
    }

    private void leaf(String end) {
        Json.Obj closes = proof.object(end);
        if (!closes.has("leaf")) {
            return;
        }
        Json.Obj leaf = closes.object("leaf");
        for (long by : new long[] {-1, 1, 5}) {
            if (leaf.number("count") + by > 0) {
                Json.Obj counted = with(leaf, "count", new Json.Num(leaf.number("count") + by));
                put(end + " count " + by, with(proof, end, with(closes, "leaf", counted)), NOT_WHOLE);
            }
            if (leaf.number("sequence") + by >= 0) {
                Json.Obj placed = with(leaf, "sequence", new Json.Num(leaf.number("sequence") + by));
                put(end + " sequence " + by, with(proof, end, with(closes, "leaf", placed)), NOT_WHOLE);
            }
            if (closes.number("index") + by >= 0) {
                put(
                        end + " index " + by,
                        with(proof, end, with(closes, "index", new Json.Num(closes.number("index") + by))),
                        NOT_WHOLE);
            }
        }
        Json.Obj other = with(leaf, "entryHash", new Json.Str("0".repeat(64)));
        put(end + " entry hash", with(proof, end, with(closes, "leaf", other)), NOT_WHOLE);
        Json.Obj renamed = with(leaf, "id", new Json.Str("acme/infra/other"));
        put(end + " leaf of another stream", with(proof, end, with(closes, "leaf", renamed)), NOT_WHOLE);
        List<List<String>> paths = Paths.broken(closes.array("path").strings());
        for (int i = 0; i < paths.size(); i++) {
            put(end + " path " + i, with(proof, end, with(closes, "path", Json.texts(paths.get(i)))), NOT_WHOLE);
        }
        Json.Obj claimed = Json.obj()
                .put("heads", closes.number("heads"))
                .put(
                        "absent",
                        Json.arr(List.of(with(with(closes, "heads", new Json.Num(0)), "heads", new Json.Num(0)))))
                .build();
        put(end + " said to be absent", with(proof, end, claimed), NOT_WHOLE);
    }

    private void absent(String end) {
        Json.Obj closes = proof.object(end);
        if (!closes.has("absent")) {
            return;
        }
        List<Json> neighbours = closes.array("absent").items();
        put(end + " without neighbours", with(proof, end, with(closes, "absent", Json.arr(List.of()))), NOT_WHOLE);
        if (neighbours.size() == 2) {
            List<Json> swapped = new ArrayList<>(neighbours);
            Collections.swap(swapped, 0, 1);
            put(end + " neighbours swapped", with(proof, end, with(closes, "absent", Json.arr(swapped))), NOT_WHOLE);
            put(
                    end + " one neighbour",
                    with(proof, end, with(closes, "absent", Json.arr(neighbours.subList(0, 1)))),
                    NOT_WHOLE);
            put(
                    end + " the other neighbour",
                    with(proof, end, with(closes, "absent", Json.arr(neighbours.subList(1, 2)))),
                    NOT_WHOLE);
        }
        put(
                end + " a neighbour twice",
                with(proof, end, with(closes, "absent", Json.arr(List.of(neighbours.get(0), neighbours.get(0))))),
                NOT_WHOLE);
        Json.Obj first = (Json.Obj) neighbours.get(0);
        for (long by : new long[] {1, 2}) {
            Json.Obj moved = with(first, "index", new Json.Num(first.number("index") + by));
            List<Json> changed = new ArrayList<>(neighbours);
            changed.set(0, moved);
            put(
                    end + " neighbour's index " + by,
                    with(proof, end, with(closes, "absent", Json.arr(changed))),
                    NOT_WHOLE);
        }
        List<List<String>> paths = Paths.broken(first.array("path").strings());
        for (int i = 0; i < paths.size(); i++) {
            List<Json> changed = new ArrayList<>(neighbours);
            changed.set(0, with(first, "path", Json.texts(paths.get(i))));
            put(end + " neighbour's path " + i, with(proof, end, with(closes, "absent", Json.arr(changed))), NOT_WHOLE);
        }
    }

    private void names() {
        put("another stream", with(proof, "stream", new Json.Str("acme/infra/other")), NOT_WHOLE);
        Json.Obj closes = proof.object("end");
        for (long heads : new long[] {0, 1, 11, 13, 99}) {
            if (heads != closes.number("heads")) {
                put(
                        "closed by entry " + heads,
                        with(proof, "end", with(closes, "heads", new Json.Num(heads))),
                        closedBy(heads));
            }
        }
    }

    /** The heads entry that really closes the stream is then an entry nobody asked for; or the named one comes too early. */
    private Expected closedBy(long heads) {
        boolean early = base.indices().contains((int) heads);
        boolean heading = stream.equals("_log");
        return early || !heading ? Expected.refused("chain", "stranger") : NOT_WHOLE;
    }

    /** Entries of other streams among those of this one. */
    private void strangers() {
        String other = stream.equals(Logs.PROD) ? Logs.DEV : Logs.PROD;
        BundleBytes others = FixtureExport.of(base.fixture()).stream(other);
        BundleBytes lying = others.with(FILE, whole.get(FILE))
                .with(
                        "manifest.json",
                        others.text("manifest.json").replace("\"stream\":\"" + other, "\"stream\":\"" + stream));
        draft.resealed("another stream's entries under this one's proof", lying, Expected.refused("chain", "stranger"));
    }
}
