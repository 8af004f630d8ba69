package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.testkit.log.BundleBytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/** A bundle of more than 10,000 entries, broken in its shards and in what names them, sealed with the real export key. */
final class ShardEdits {
    private static final String FIRST = "artifacts/00000000000000000000.jsonl";
    private static final String SECOND = "artifacts/00000000000000010000.jsonl";
    private static final String LINES = "signatures.jsonl";
    private static final Expected CHAIN = Expected.refused(
            "chain",
            "malformed",
            "broken-link",
            "broken-stream",
            "content-mismatch",
            "wrong-place",
            "other-log",
            "missing-entry",
            "stranger");
    private static final Expected SIGNATURES =
            Expected.refused("signatures", "malformed", "unsigned", "bad-batch", "stranger", "bad-signature");
    private static final Expected IMPOSSIBLE = Expected.refused("declaration", "malformed");

    private final Draft draft;
    private final BundleBytes whole;

    private ShardEdits(Draft draft) {
        this.draft = draft;
        this.whole = draft.bundle();
    }

    static void add(Draft draft) {
        ShardEdits edits = new ShardEdits(draft);
        for (String shard : List.of(FIRST, SECOND)) {
            edits.bytes(shard);
            edits.lines(shard);
        }
        edits.files();
        edits.manifest();
        edits.signatures();
        edits.population();
    }

    /** Where the shards are of a selection signatures.jsonl names their lines, and is still a file of signatures. */
    static void addOfSelection(Draft draft) {
        ShardEdits edits = new ShardEdits(draft);
        draft.resealed("no signatures", draft.bundle().without(LINES), Expected.refused("signatures", "missing-file"));
        Expected malformed = Expected.refused("signatures", "malformed");
        edits.line("a line of signatures that is no JSON", lines -> lines.set(7_000, "{"), malformed);
        edits.line("a signature of another form", lines -> lines.set(7_000, "{\"sequence\":7000}"), malformed);
        edits.line("the signatures of an entry twice", lines -> lines.add(7_000, lines.get(7_000)), malformed);
        edits.line("two lines of signatures swapped", lines -> Collections.swap(lines, 7_000, 7_001), malformed);
    }

    private void line(String what, Change change, Expected expected) {
        draft.resealed(what, changed(LINES, change), expected);
    }

    private void bytes(String shard) {
        Bytes content = whole.get(shard);
        List<String> lines = whole.lines(shard);
        // The last entry of the log has no neighbour that holds it.
        int end = content.length() - lines.get(lines.size() - 1).length() - 2;
        for (int i = 0; i < 4; i++) {
            int at = draft.random().nextInt(end);
            draft.resealed(
                    "byte " + at + " of " + shard + " turned",
                    whole.with(shard, Draft.flipped(content, at, draft.random().nextInt(8))),
                    CHAIN);
        }
        int cut = draft.random().nextInt(content.length());
        draft.resealed(shard + " cut at " + cut, whole.with(shard, content.slice(0, cut)), CHAIN);
        draft.resealed(
                "no end of the last line of " + shard,
                whole.with(shard, content.slice(0, content.length() - 1)),
                CHAIN);
        draft.resealed(
                "an empty line at the end of " + shard,
                whole.with(shard, Bytes.concat(content, Bytes.utf8("\n"))),
                CHAIN);
        draft.resealed(
                "a byte order mark before " + shard,
                whole.with(shard, Bytes.concat(Bytes.fromHex("efbbbf"), content)),
                CHAIN);
    }

    private void lines(String shard) {
        int size = whole.lines(shard).size();
        for (int at : List.of(0, size / 2, size - 1)) {
            edit("line " + at + " of " + shard + " gone", shard, lines -> lines.remove(at));
            edit("line " + at + " of " + shard + " twice", shard, lines -> lines.add(at, lines.get(at)));
            edit("line " + at + " of " + shard + " ends in CR LF", shard, lines -> lines.set(at, lines.get(at) + "\r"));
        }
        edit("two lines of " + shard + " swapped", shard, lines -> lines.add(3, lines.remove(4)));
        edit("an empty line in " + shard, shard, lines -> lines.add(5, ""));
    }

    private interface Change {
        void of(List<String> lines);
    }

    private void edit(String what, String shard, Change change) {
        draft.resealed(what, changed(shard, change), CHAIN);
    }

    private BundleBytes changed(String file, Change change) {
        List<String> lines = new ArrayList<>(whole.lines(file));
        change.of(lines);
        return whole.withLines(file, lines);
    }

    private void files() {
        draft.resealed("no first shard", whole.without(FIRST), CHAIN);
        draft.resealed("no second shard", whole.without(SECOND), CHAIN);
        draft.resealed(
                "the shards change places", whole.with(FIRST, whole.get(SECOND)).with(SECOND, whole.get(FIRST)), CHAIN);
        draft.resealed(
                "a shard nobody names", whole.with("artifacts/00000000000000020000.jsonl", whole.get(SECOND)), CHAIN);
        draft.resealed(
                "an artifact beside the shards",
                whole.with(Base.artifact(0), whole.lines(FIRST).get(0)),
                CHAIN);
        List<String> first = new ArrayList<>(whole.lines(FIRST));
        List<String> second = new ArrayList<>(whole.lines(SECOND));
        second.add(0, first.remove(first.size() - 1));
        draft.resealed(
                "the border of two shards moved", whole.withLines(FIRST, first).withLines(SECOND, second), CHAIN);
    }

    private void manifest() {
        shard("a shard that ends later than it does", 0, "last", 10_005);
        shard("a shard that ends earlier than it does", 0, "last", 9_000);
        shard("a last shard that ends later", 1, "last", 20_000);
        shard("a shard with one artifact less", 0, "count", 9_999);
        shard("a shard with one artifact more", 0, "count", 10_001);
        shard(
                "a last shard with one artifact less",
                1,
                "count",
                whole.lines(SECOND).size() - 1L);
        shard("a shard that begins later", 0, "first", 1);
        shard("a last shard that begins earlier", 1, "first", 9_999);
        shards("no shards", list -> List.of());
        shards("the shards in another order", list -> List.of(list.get(1), list.get(0)));
        shards("the first shard twice", list -> List.of(list.get(0), list.get(0)));
        shards("one shard alone", list -> list.subList(0, 1));
    }

    private void shard(String what, int at, String member, long value) {
        shards(what, list -> {
            Json.Builder changed = Json.obj();
            list.get(at)
                    .members()
                    .forEach((name, old) -> changed.put(name, name.equals(member) ? new Json.Num(value) : old));
            List<Json.Obj> out = new ArrayList<>(list);
            out.set(at, changed.build());
            return out;
        });
    }

    private void shards(String what, UnaryOperator<List<Json.Obj>> change) {
        Json.Obj manifest = CanonicalJson.parseObject(whole.get("manifest.json"));
        Json.Arr changed = Json.arr(change.apply(manifest.array("shards").objects()));
        Json.Builder out = Json.obj();
        manifest.members().forEach((name, old) -> out.put(name, name.equals("shards") ? changed : old));
        draft.resealed(
                what + " in manifest.json",
                whole.with("manifest.json", out.build().bytes()),
                IMPOSSIBLE);
    }

    private void signatures() {
        for (int at : List.of(0, 5_000, 9_999, 10_000, 10_041)) {
            draft.resealed("no signatures of entry " + at, changed(LINES, lines -> lines.remove(at)), SIGNATURES);
            draft.resealed(
                    "the signatures of entry " + at + " twice",
                    changed(LINES, lines -> lines.add(at, lines.get(at))),
                    SIGNATURES);
        }
        for (int at : List.of(1, 9_999, 10_000)) {
            draft.resealed(
                    "the path of entry " + at + " is that of entry " + (at + 1),
                    changed(LINES, lines -> lines.set(at, path(lines.get(at + 1), at))),
                    SIGNATURES);
        }
        draft.resealed("no batches", whole.without("batches.jsonl"), SIGNATURES);
    }

    /** A line that belongs to another entry, under the number of this one. */
    private static String path(String line, int sequence) {
        return line.replaceFirst("\"sequence\":[0-9]+", "\"sequence\":" + sequence);
    }

    private void population() {
        Json.Obj manifest = CanonicalJson.parseObject(whole.get("manifest.json"));
        String counts = manifest.object("countByType").bytes().utf8();
        String fewer = counts.replaceFirst(":1004[0-9]", ":10039");
        draft.resealed(
                "another number of applies in manifest.json",
                whole.with("manifest.json", whole.text("manifest.json").replace(counts, fewer)),
                Expected.refused("derived", "count-mismatch"));
    }
}
