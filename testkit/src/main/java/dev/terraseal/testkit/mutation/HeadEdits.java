package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.TestKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checkpoints by the wrong key or of another tree, and proofs that prove nothing, sealed with the real export key. */
final class HeadEdits {
    private static final Expected BAD = Expected.refused("checkpoint", "bad-checkpoint");
    private static final Expected NOT_INCLUDED = Expected.refused("inclusion", "not-included");

    private final Draft draft;
    private final Base base;
    private final BundleBytes whole;

    private HeadEdits(Draft draft) {
        this.draft = draft;
        this.base = draft.base();
        this.whole = draft.bundle();
    }

    static void add(Draft draft) {
        HeadEdits edits = new HeadEdits(draft);
        edits.signers();
        edits.otherTrees();
        edits.range();
        edits.entries();
        edits.consistency();
        edits.declaration();
    }

    private void checkpoint(String what, Bytes note, Expected expected) {
        draft.resealed("a checkpoint " + what, whole.with("checkpoint", note), expected);
    }

    private void signers() {
        String text = whole.text("checkpoint");
        int body = text.indexOf("\n\n") + 2;
        String line = text.substring(body).split("\n")[0];
        String name = line.substring(0, line.lastIndexOf(' ') + 1);
        Bytes keyId = Bytes.fromBase64(line.substring(name.length())).slice(0, 4);
        Bytes message = Bytes.utf8(text.substring(0, body - 1));
        // In a fixed order: the same seed gives the same catalogue.
        Map<String, TestKey> signers = new LinkedHashMap<>();
        signers.put("the ingest key", base.fixture().ingestKey());
        signers.put("another log's key", base.other().logKey());
        signers.put("a witness", Bases.witness(1));
        for (Map.Entry<String, TestKey> signer : signers.entrySet()) {
            Bytes forged = Bytes.concat(keyId, signer.getValue().signOrFail(message));
            checkpoint(
                    "signed by " + signer.getKey() + " under the log's name",
                    Bytes.utf8(text.substring(0, body) + name + forged.base64() + "\n"),
                    BAD);
        }
        checkpoint(
                "of another log of this name",
                base.other().checkpoint(base.fixture().size()).bytes(),
                BAD);
        checkpoint("with no signature", message, BAD);
        checkpoint("with its line twice", Bytes.utf8(text + line + "\n"), BAD);
        String stranger = "\u2014 stranger.example " + Bytes.wrap(new byte[76]).base64() + "\n";
        checkpoint(
                "whose first line is a stranger's", Bytes.utf8(text.substring(0, body) + stranger + line + "\n"), BAD);
        for (int bit = 0; bit < 64 * 8; bit += 37) {
            byte[] signature = Bytes.fromBase64(line.substring(name.length())).toByteArray();
            signature[4 + bit / 8] ^= (byte) (1 << bit % 8);
            checkpoint(
                    "with bit " + bit + " of its signature turned",
                    Bytes.utf8(text.substring(0, body) + name
                            + Bytes.wrap(signature).base64() + "\n"),
                    BAD);
        }
    }

    private SignedNote note(String origin, long size, Digest root) {
        try {
            return NoteSigner.sign(
                    new Checkpoint(new LogOrigin(origin), size, root),
                    base.fixture().logKeys().lastEntry().getValue());
        } catch (SigningException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** What the real log key would sign if it were stolen: other names, roots and sizes than these entries give. */
    private void otherTrees() {
        String origin = base.fixture().log().origin().value();
        long size = base.fixture().size();
        Digest root = Digest.fromBase64(whole.text("checkpoint").split("\n")[2]);
        checkpoint(
                "of the same key for another origin",
                note("terraseal.other/log", size, root).bytes(),
                BAD);
        checkpoint(
                "of the same key for a longer origin",
                note(origin + "x", size, root).bytes(),
                BAD);
        checkpoint("of another history", base.fork().checkpoint(size).bytes(), NOT_INCLUDED);
        checkpoint(
                "over a root of nothing",
                note(origin, size, Digest.of(Bytes.utf8("x"))).bytes(),
                NOT_INCLUDED);
        // A range in the middle gives no size: a log that signs one root for two sizes is caught by what it says
        // elsewhere.
        if (!base.isContiguous() || base.indices().contains(0)) {
            checkpoint("of one entry more", note(origin, size + 1, root).bytes(), NOT_INCLUDED);
        }
        checkpoint("of twice the size", note(origin, size * 2, root).bytes(), NOT_INCLUDED);
        long last = base.indices().get(base.indices().size() - 1);
        for (long older = Math.max(1, last - 2); older < size; older++) {
            checkpoint(
                    "older, of size " + older, base.fixture().checkpoint(older).bytes(), NOT_INCLUDED);
        }
    }

    private void range() {
        String file = "proofs/range.json";
        if (!whole.has(file)) {
            return;
        }
        Json.Obj proof = CanonicalJson.parseObject(whole.get(file));
        for (String side : List.of("left", "right")) {
            for (List<String> wrong : Paths.broken(proof.array(side).strings())) {
                put("hashes " + wrong.hashCode() + " on the " + side, proof, side, Json.texts(wrong));
            }
        }
        for (String end : List.of("first", "end")) {
            for (long by : new long[] {-2, -1, 1, 2, 100}) {
                long moved = proof.number(end) + by;
                if (moved >= 0) {
                    put(end + " moved to " + moved, proof, end, new Json.Num(moved));
                }
            }
        }
        put("an end where it begins", proof, "end", new Json.Num(proof.number("first")));
        List<String> left = proof.array("left").strings();
        List<String> right = proof.array("right").strings();
        if (!left.isEmpty()) {
            moved(
                    "a hash moved from left to right",
                    proof,
                    left.subList(0, left.size() - 1),
                    joined(left.subList(left.size() - 1, left.size()), right));
            moved("everything on the right", proof, List.of(), joined(left, right));
        }
        if (!right.isEmpty()) {
            moved(
                    "a hash moved from right to left",
                    proof,
                    joined(left, right.subList(0, 1)),
                    right.subList(1, right.size()));
        }
        draft.resealed("no range proof", whole.without(file), NOT_INCLUDED);
    }

    private static List<String> joined(List<String> one, List<String> other) {
        List<String> both = new ArrayList<>(one);
        both.addAll(other);
        return both;
    }

    private void moved(String what, Json.Obj proof, List<String> left, List<String> right) {
        draft.resealed(
                what + " in the range proof",
                whole.with(
                        "proofs/range.json",
                        Json.obj()
                                .put("end", proof.number("end"))
                                .put("first", proof.number("first"))
                                .put("left", Json.texts(left))
                                .put("right", Json.texts(right))
                                .build()
                                .bytes()),
                NOT_INCLUDED);
    }

    private void put(String what, Json.Obj proof, String member, Json value) {
        Json.Builder changed = Json.obj();
        proof.members().forEach((name, old) -> changed.put(name, name.equals(member) ? value : old));
        draft.resealed(
                what + " in the range proof",
                whole.with("proofs/range.json", changed.build().bytes()),
                NOT_INCLUDED);
    }

    private void entries() {
        String file = "proofs/entries.jsonl";
        if (!whole.has(file)) {
            return;
        }
        List<String> lines = whole.lines(file);
        Expected refused = Expected.refused("inclusion", "not-included", "malformed");
        for (int at = 0; at < lines.size(); at++) {
            Json.Obj line = CanonicalJson.parseObject(Bytes.utf8(lines.get(at)));
            List<List<String>> paths = Paths.broken(line.array("path").strings());
            for (int i = 0; i < paths.size(); i++) {
                List<String> changed = new ArrayList<>(lines);
                changed.set(
                        at,
                        Json.obj()
                                .put("path", Json.texts(paths.get(i)))
                                .put("sequence", line.number("sequence"))
                                .build()
                                .bytes()
                                .utf8());
                draft.resealed(
                        "path " + i + " of entry " + line.number("sequence"), whole.withLines(file, changed), refused);
            }
            List<String> fewer = new ArrayList<>(lines);
            fewer.remove(at);
            draft.resealed("no proof of entry " + line.number("sequence"), whole.withLines(file, fewer), refused);
            List<String> twice = new ArrayList<>(lines);
            twice.add(at, lines.get(at));
            draft.resealed("two proofs of entry " + line.number("sequence"), whole.withLines(file, twice), refused);
        }
        draft.resealed("no proofs at all", whole.without(file), refused);
    }

    private void consistency() {
        Expected refused = Expected.refused("checkpoint", "two-histories");
        if (!base.isContiguous()) {
            return;
        }
        for (String name : whole.names("proofs/consistency/")) {
            List<String> lines = whole.lines(name);
            List<List<String>> proofs = Paths.broken(lines);
            for (int i = 0; i < proofs.size(); i++) {
                draft.resealed("proof " + i + " in " + name, whole.withLines(name, proofs.get(i)), refused);
            }
        }
    }

    private void declaration() {
        draft.resealed(
                "log.json of another log of this name",
                whole.with("log.json", base.other().log().bytes()),
                Expected.refused("declaration", "wrong-genesis"));
        draft.resealed(
                WrongLogs.NAME + "that nobody asked for",
                whole,
                Asked.under(base.other().log().genesis()),
                Expected.refused("declaration", "wrong-genesis"));
        draft.resealed("no log.json", whole.without("log.json"), Expected.refused("declaration", "malformed"));
        draft.resealed(
                "no manifest.json", whole.without("manifest.json"), Expected.refused("declaration", "malformed"));
        draft.resealed("no checkpoint", whole.without("checkpoint"), Expected.refused("checkpoint", "malformed"));
        draft.resealed(
                "no signatures.jsonl",
                whole.without("signatures.jsonl"),
                Expected.refused("signatures", "missing-file", "unsigned"));
    }
}
