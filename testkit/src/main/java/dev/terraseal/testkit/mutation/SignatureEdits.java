package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureEntry;
import dev.terraseal.testkit.log.TestKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Signatures by real keys that are not the right ones, and lines in wrong places, sealed with the real export key. */
final class SignatureEdits {
    private static final String FILE = "signatures.jsonl";
    private static final Expected UNKNOWN = Expected.refused("signatures", "unknown-key");
    private static final Expected BAD = Expected.refused("signatures", "bad-signature");
    private static final Expected MALFORMED = Expected.refused("signatures", "malformed");
    private static final Expected BATCH = Expected.refused("signatures", "bad-batch");

    private final Draft draft;
    private final Base base;
    private final BundleBytes whole;
    private final List<String> lines;

    private SignatureEdits(Draft draft) {
        this.draft = draft;
        this.base = draft.base();
        this.whole = draft.bundle();
        this.lines = whole.lines(FILE);
    }

    static void add(Draft draft) {
        SignatureEdits edits = new SignatureEdits(draft);
        for (int at = 0; at < edits.lines.size(); at++) {
            edits.resigned(at);
            edits.line(at);
            edits.path(at);
        }
        if (edits.whole.has("batches.jsonl")) {
            edits.batches();
        }
    }

    private void replace(String what, int at, String line, Expected expected) {
        List<String> changed = new ArrayList<>(lines);
        changed.set(at, line);
        draft.resealed(what + " for entry " + base.indices().get(at), whole.withLines(FILE, changed), expected);
    }

    private static String signed(long sequence, TestKey named, Bytes signature) {
        return Json.obj()
                .put("sequence", sequence)
                .put(
                        "signatures",
                        Json.arr(List.of(new DsseSignature(named.key().keyid(), signature).json())))
                .build()
                .bytes()
                .utf8();
    }

    /** The statement signed anew, each time with a real key or over real bytes, and never with both right. */
    private void resigned(int at) {
        int index = base.indices().get(at);
        FixtureEntry entry = base.fixture().entries().get(index);
        Bytes statement = entry.statement();
        Bytes message = Dsse.pae(Dsse.STATEMENT, statement);
        TestKey ingest = base.fixture().ingestKey();
        TestKey export = base.fixture().exportKey();
        TestKey first = base.fixture().attestKey();
        TestKey foreign = base.other().attestKey();
        replace("the ingest key signs", at, signed(index, ingest, ingest.signOrFail(message)), UNKNOWN);
        replace("the export key signs", at, signed(index, export, export.signOrFail(message)), UNKNOWN);
        replace("another log's attest key signs", at, signed(index, foreign, foreign.signOrFail(message)), UNKNOWN);
        TestKey log = base.fixture().logKey();
        replace("the log key signs", at, signed(index, log, log.signOrFail(message)), UNKNOWN);
        boolean rotated = index > 4 && !base.fixture().signing().contains(first);
        if (rotated) {
            replace("a retired key signs", at, signed(index, first, first.signOrFail(message)), UNKNOWN);
        }
        boolean own = entry.batch() < 0 && !entry.signatures().isEmpty();
        if (!own || rotated || entry.signatures().size() > 1) {
            return;
        }
        replace("another key under the right name", at, signed(index, first, foreign.signOrFail(message)), BAD);
        replace("the statement without its type", at, signed(index, first, first.signOrFail(statement)), BAD);
        replace(
                "the statement as a batch",
                at,
                signed(index, first, first.signOrFail(Dsse.pae(Dsse.BATCH, statement))),
                BAD);
        replace(
                "the statement as a key event",
                at,
                signed(index, first, first.signOrFail(Dsse.pae(Dsse.KEY_EVENT, statement))),
                BAD);
        replace(
                "its hash alone",
                at,
                signed(index, first, first.signOrFail(entry.entryHash().bytes())),
                BAD);
        replace(
                "a signature of no bytes",
                at,
                signed(index, first, Bytes.EMPTY),
                Expected.refused("signatures", "bad-signature", "malformed"));
        replace("a signature of zeros", at, signed(index, first, Bytes.wrap(new byte[64])), BAD);
        replace("(0, 0) as a signature", at, signed(index, first, Bytes.fromHex("3006020100020100")), BAD);
        besides(at, index, first, foreign, message);
    }

    /** A bad signature beside a good one is no ornament. */
    private void besides(int at, int index, TestKey first, TestKey foreign, Bytes message) {
        Json.Obj line = CanonicalJson.parseObject(Bytes.utf8(lines.get(at)));
        List<Json> both = new ArrayList<>(line.array("signatures").items());
        both.add(new DsseSignature(foreign.key().keyid(), foreign.signOrFail(message)).json());
        replace("a stranger's signature beside the right one", at, withSignatures(index, both), UNKNOWN);
        both.set(1, new DsseSignature(first.key().keyid(), foreign.signOrFail(message)).json());
        replace(
                "a false signature beside the right one",
                at,
                withSignatures(index, both),
                Expected.refused("signatures", "bad-signature", "malformed"));
    }

    private static String withSignatures(long sequence, List<Json> signatures) {
        return Json.obj()
                .put("sequence", sequence)
                .put("signatures", Json.arr(signatures))
                .build()
                .bytes()
                .utf8();
    }

    private void line(int at) {
        int index = base.indices().get(at);
        replace(
                "no signature",
                at,
                withSignatures(index, List.of()),
                Expected.refused("signatures", "malformed", "unsigned"));
        List<String> fewer = new ArrayList<>(lines);
        fewer.remove(at);
        draft.resealed(
                "no signature line for entry " + index,
                whole.withLines(FILE, fewer),
                Expected.refused("signatures", "unsigned"));
        List<String> twice = new ArrayList<>(lines);
        twice.add(at, lines.get(at));
        draft.resealed("two signature lines for entry " + index, whole.withLines(FILE, twice), MALFORMED);
        if (at + 1 < lines.size()) {
            List<String> swapped = new ArrayList<>(lines);
            Collections.swap(swapped, at, at + 1);
            draft.resealed(
                    "signature lines swapped from entry " + index,
                    whole.withLines(FILE, swapped),
                    Expected.refused("signatures", "malformed", "unsigned"));
            String mine = CanonicalJson.parseObject(Bytes.utf8(lines.get(at))).has("batch") ? "batch" : "own";
            String next =
                    CanonicalJson.parseObject(Bytes.utf8(lines.get(at + 1))).has("batch") ? "batch" : "own";
            replace(
                    "the signature of the next entry",
                    at,
                    lines.get(at + 1).replaceFirst("\"sequence\":[0-9]+", "\"sequence\":" + index),
                    mine.equals(next) || next.equals("own")
                            ? Expected.refused("signatures", "bad-signature", "bad-batch", "unknown-key")
                            : BATCH);
        }
        List<String> more = new ArrayList<>(lines);
        more.add("{\"sequence\":999999,\"signatures\":" + lines.get(at).replaceFirst(".*\"signatures\":", ""));
        if (lines.get(at).contains("\"signatures\":")) {
            draft.resealed(
                    "a signature line for an entry that is not here, from " + index,
                    whole.withLines(FILE, more),
                    Expected.refused("signatures", "stranger"));
        }
        replace(
                "a batch that is not here",
                at,
                "{\"batch\":777,\"path\":[],\"sequence\":" + index + "}",
                Expected.refused("signatures", "bad-batch", "stranger"));
    }

    private void path(int at) {
        Json.Obj line = CanonicalJson.parseObject(Bytes.utf8(lines.get(at)));
        if (!line.has("batch")) {
            return;
        }
        int index = base.indices().get(at);
        List<String> path = line.array("path").strings();
        for (List<String> wrong : Paths.broken(path)) {
            replace(
                    "path " + wrong.hashCode() + " in its batch",
                    at,
                    Json.obj()
                            .put("batch", line.number("batch"))
                            .put("path", Json.texts(wrong))
                            .put("sequence", index)
                            .build()
                            .bytes()
                            .utf8(),
                    Expected.refused("signatures", "bad-batch", "malformed"));
        }
    }

    private void batches() {
        String line = whole.lines("batches.jsonl").get(0);
        Json.Obj envelope = CanonicalJson.parseObject(Bytes.utf8(line));
        Bytes payload = envelope.base64("payload");
        TestKey signer = base.fixture().signing().get(0);
        TestKey ingest = base.fixture().ingestKey();
        TestKey foreign = base.other().attestKey();
        batch("signed as a statement", payload, Dsse.STATEMENT, signer, signer, BATCH);
        batch("signed by the ingest key", payload, Dsse.BATCH, ingest, ingest, UNKNOWN);
        batch("signed by another log's key", payload, Dsse.BATCH, foreign, foreign, UNKNOWN);
        batch(
                "signed by another log's key under the right name",
                payload,
                Dsse.BATCH,
                signer,
                foreign,
                Expected.refused("signatures", "bad-signature", "unsigned"));
        payloads(payload.utf8(), signer);
        batchFiles(line, payload);
    }

    /** Batches of other entries, each signed by the right key. */
    private void payloads(String text, TestKey signer) {
        Map<String, String> forged = new LinkedHashMap<>();
        forged.put("of another log", text.replace("terraseal.local", "terraseal.other"));
        forged.put(
                "of another genesis",
                text.replaceFirst("\"genesis\":\"[0-9a-f]{64}", "\"genesis\":\"" + "0".repeat(64)));
        forged.put("of fewer entries", text.replaceFirst("\"count\":[0-9]+", "\"count\":1"));
        forged.put("of more entries", text.replaceFirst("\"count\":[0-9]+", "\"count\":9"));
        forged.put("of 65,537 entries", text.replaceFirst("\"count\":[0-9]+", "\"count\":65537"));
        forged.put("from another entry on", text.replaceFirst("\"first\":[0-9]+", "\"first\":1"));
        Expected refused = Expected.refused("signatures", "bad-batch", "malformed", "stranger");
        forged.forEach((what, payload) -> batch(what, Bytes.utf8(payload), Dsse.BATCH, signer, signer, refused));
    }

    private void batchFiles(String line, Bytes payload) {
        draft.resealed("no batches.jsonl", whole.without("batches.jsonl"), BATCH);
        draft.resealed("an empty batches.jsonl", whole.with("batches.jsonl", ""), BATCH);
        draft.resealed("a batch twice", whole.withLines("batches.jsonl", List.of(line, line)), MALFORMED);
        String stranger = line.replace(
                payload.base64(),
                Bytes.utf8(payload.utf8().replaceFirst("\"first\":[0-9]+", "\"first\":500"))
                        .base64());
        draft.resealed(
                "a batch that no entry names",
                whole.withLines("batches.jsonl", List.of(line, stranger)),
                Expected.refused("signatures", "stranger"));
    }

    private void batch(String what, Bytes payload, String type, TestKey named, TestKey signer, Expected expected) {
        DsseSignature signature = new DsseSignature(named.key().keyid(), signer.signOrFail(Dsse.pae(type, payload)));
        Json.Obj forged = Json.obj()
                .put("payload", payload.base64())
                .put("payloadType", type)
                .put("signatures", Json.arr(List.of(signature.json())))
                .build();
        draft.resealed(
                "a batch " + what, whole.with("batches.jsonl", forged.bytes().utf8() + "\n"), expected);
    }
}
