package dev.terraseal.testkit.mutation;

import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.testkit.log.BundleBytes;
import java.util.List;
import java.util.Map;

/** What a bundle says about itself, made up and sealed with the real export key. */
final class DerivedEdits {
    private static final Expected COUNTS = Expected.refused("derived", "count-mismatch");
    private static final Expected IMPOSSIBLE = Expected.refused("declaration", "malformed");

    private final Draft draft;
    private final Base base;
    private final BundleBytes whole;
    private final Json.Obj manifest;

    private DerivedEdits(Draft draft) {
        this.draft = draft;
        this.base = draft.base();
        this.whole = draft.bundle();
        this.manifest = CanonicalJson.parseObject(whole.get("manifest.json"));
    }

    static void add(Draft draft) {
        DerivedEdits edits = new DerivedEdits(draft);
        edits.counts();
        edits.numbers();
        edits.keys();
    }

    private void put(String what, String member, Json value, Expected expected) {
        Json.Builder changed = Json.obj();
        manifest.members().forEach((name, old) -> changed.put(name, name.equals(member) ? value : old));
        draft.resealed(
                what + " in manifest.json",
                whole.with("manifest.json", changed.build().bytes()),
                expected);
    }

    private void counts() {
        for (String member : List.of("countByType", "countByOutcome")) {
            Json.Obj counts = manifest.object(member);
            for (Map.Entry<String, Json> each : counts.members().entrySet()) {
                for (long by : new long[] {-1, 1, 1000}) {
                    Json.Builder changed = Json.obj();
                    counts.members()
                            .forEach((name, old) -> changed.put(
                                    name, name.equals(each.getKey()) ? new Json.Num(counts.number(name) + by) : old));
                    put(each.getKey() + " " + by, member, changed.build(), COUNTS);
                }
                Json.Builder fewer = Json.obj();
                counts.members().forEach((name, old) -> {
                    if (!name.equals(each.getKey())) {
                        fewer.put(name, old);
                    }
                });
                put("no count of " + each.getKey(), member, fewer.build(), COUNTS);
            }
            Json.Builder more = Json.obj();
            counts.members().forEach(more::put);
            put(
                    "a count of something else in " + member,
                    member,
                    more.put("zzz", 1).build(),
                    COUNTS);
            if (!counts.members().isEmpty()) {
                put("no counts in " + member, member, Json.obj().build(), COUNTS);
            }
        }
    }

    private void numbers() {
        boolean all = whole.text("manifest.json").contains("\"kind\":\"all\"");
        long size = base.fixture().size();
        put("a larger checkpoint", "checkpointSize", new Json.Num(size + 1), all ? IMPOSSIBLE : COUNTS);
        put("format 2", "format", new Json.Num(2), IMPOSSIBLE);
        put("a negative count", "count", new Json.Num(-1), IMPOSSIBLE);
        put("no entries", "count", new Json.Num(0), IMPOSSIBLE);
        put("an end beyond the head", "last", new Json.Num(size + 5), IMPOSSIBLE);
        put("another kind", "query", Json.obj().put("kind", "some").build(), IMPOSSIBLE);
        put(
                "a kind without what it needs",
                "query",
                Json.obj().put("kind", "range").build(),
                IMPOSSIBLE);
        put("a time that is none", "made", new Json.Str("yesterday"), IMPOSSIBLE);
        put("counts that are a list", "countByType", Json.arr(List.of()), IMPOSSIBLE);
        long count = manifest.number("count");
        if (base.isContiguous()) {
            put("one entry less", "count", new Json.Num(count - 1), IMPOSSIBLE);
            put("another first entry", "first", new Json.Num(manifest.number("first") + 1), IMPOSSIBLE);
        } else if (count > 1) {
            put("one entry less", "count", new Json.Num(count - 1), COUNTS);
            if (manifest.number("first") > 0) {
                put("an earlier first entry", "first", new Json.Num(manifest.number("first") - 1), COUNTS);
            }
        }
    }

    private void keys() {
        Expected stranger = Expected.refused("derived", "count-mismatch");
        String foreign = base.other().attestKey().key().keyid().hex();
        draft.resealed(
                "another log's key among the keys",
                whole.with(
                        "keys/" + foreign + ".pem",
                        base.other().attestKey().key().pem()),
                stranger);
        List<String> names = whole.names("keys/");
        for (int at = 0; at < names.size(); at++) {
            String next = names.get((at + 1) % names.size());
            draft.resealed(
                    "key " + names.get(at) + " under the name of " + next,
                    whole.with(next, whole.get(names.get(at))),
                    stranger);
        }
        draft.resealed(
                "a file nobody knows, listed",
                whole.with("evil.html", "<script>"),
                Expected.refused("file-hashes", "stranger"));
        draft.resealed(
                "an attachment under another digest, listed",
                whole.with("attachments/sha256/" + "ab".repeat(32), "x"),
                Expected.refused("file-hashes", "hash-mismatch"));
        draft.resealed(
                "an artifact beyond the last",
                whole.with(Base.artifact(999), "{}"),
                Expected.refused("chain", "stranger", "malformed"));
    }
}
