package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;

/** Files of a known name where an export of its kind has none, and proofs of older sizes that nobody asked for. */
final class OtherFiles {
    private static final Expected STRANGE_PROOF = Expected.refused("inclusion", "stranger");
    private static final Expected STRANGE_END = Expected.refused("stream-heads", "stranger");
    private static final Expected STRANGE_FILE = Expected.refused("file-hashes", "stranger");
    private static final Expected TWO = Expected.refused("checkpoint", "two-histories");
    private static final String JUNK = "junk\n";

    private OtherFiles() {}

    static void add(Draft whole, Draft range, Draft stream, Draft filter) {
        for (Draft contiguous : new Draft[] {whole, range}) {
            with(contiguous, "proofs/entries.jsonl", JUNK, STRANGE_PROOF);
            with(contiguous, "proofs/stream.json", JUNK, STRANGE_END);
            with(contiguous, "proofs/entries.jsonl", "", STRANGE_PROOF);
        }
        for (Draft selection : new Draft[] {stream, filter}) {
            with(selection, "proofs/range.json", JUNK, STRANGE_PROOF);
            with(selection, "proofs/range.json", whole.bundle().text("proofs/range.json"), STRANGE_PROOF);
        }
        with(filter, "proofs/stream.json", stream.bundle().text("proofs/stream.json"), STRANGE_END);
        for (Draft each : new Draft[] {whole, range, stream, filter}) {
            with(each, "key-events/proofs/range.json", JUNK, STRANGE_FILE);
            with(each, "key-events/artifacts/00000000000000000000.jsonl", JUNK, STRANGE_FILE);
            with(each, "artifacts/00000000000000000002.jsonl", JUNK, Expected.refused("chain", "stranger"));
            with(each, "artifacts/00000000000000000099.json", "{}", Expected.refused("chain", "stranger"));
            older(each);
        }
        bytesOfThePage(whole);
    }

    private static void with(Draft draft, String file, String content, Expected expected) {
        String what = content.isEmpty() ? "an empty " : content.equals(JUNK) ? "junk as " : "a strange ";
        draft.resealed(what + file, draft.bundle().with(file, content), expected);
    }

    /** proofs/consistency/ of a size whose root is not at hand has to lead to the head all the same. */
    private static void older(Draft draft) {
        BundleBytes proofs =
                FixtureExport.of(draft.base().fixture()).from(3).from(4).whole();
        String three = proofs.text("proofs/consistency/3");
        String four = proofs.text("proofs/consistency/4");
        String root = draft.bundle().text("checkpoint").split("\n")[2] + "\n";
        proof(draft, "the proof", 3, three, Expected.unproven(""));
        proof(draft, "the proof", 4, four, Expected.unproven(""));
        proof(draft, "no hash", 6, "", Expected.unproven(""));
        proof(draft, "a hash", 6, root, TWO);
        proof(draft, "a hash", 99, root, TWO);
        proof(draft, "a hash", 9_999_999_999_999_999L, root, TWO);
        proof(draft, "a hash", 3, root, TWO);
        proof(draft, "other hashes", 3, root.repeat((int) three.lines().count()), TWO);
        proof(draft, "a hash more", 3, three + root, TWO);
        proof(draft, "the first hash last", 3, three.substring(45) + three.substring(0, 45), TWO);
        proof(draft, "a hash more", 4, four + root, TWO);
        proof(draft, "junk", 4, JUNK, TWO);
    }

    private static void proof(Draft draft, String what, long size, String hashes, Expected expected) {
        String file = "proofs/consistency/" + size;
        draft.resealed(what + " in " + file, draft.bundle().with(file, hashes), expected);
    }

    /** Only the data of report.html are ours; the rest may be in any encoding. */
    private static void bytesOfThePage(Draft draft) {
        Bytes page = draft.bundle().get("report.html");
        Bytes odd = Bytes.fromHex("ff");
        draft.resealed(
                "report.html with a byte behind it that is no UTF-8",
                draft.bundle().with("report.html", Bytes.concat(page, odd)),
                Expected.unproven(""));
        draft.resealed(
                "report.html with a byte before it that is no UTF-8",
                draft.bundle().with("report.html", Bytes.concat(odd, page)),
                Expected.unproven(""));
        int at = page.utf8().indexOf("\"data\">") + 7;
        draft.resealed(
                "report.html with a byte among its data that is no UTF-8",
                draft.bundle()
                        .with(
                                "report.html",
                                Bytes.concat(page.slice(0, at + 1), odd, page.slice(at + 1, page.length()))),
                Expected.refused("derived", "derived-mismatch"));
    }
}
