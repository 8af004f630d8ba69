package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.testkit.log.BundleBytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * ML-DSA-65 signatures that a lenient verifier takes for good, because they say the same in another form, and such as are
 * none; each beside the right first signature. And the same of the log's second line on the head.
 */
final class LatticeEdits {
    private static final String FILE = "signatures.jsonl";
    private static final int RESPONSE = 48;
    private static final int HINTS = 48 + 5 * 640;
    private static final int HINTS_MAX = 55;
    private static final int ENDS = HINTS + HINTS_MAX;
    private static final int ROWS = 6;

    private LatticeEdits() {}

    static void add(Draft draft) {
        if (!draft.base().name().equals("signed twice")) {
            return;
        }
        head(draft);
        List<String> lines = draft.bundle().lines(FILE);
        for (int at = 0; at < lines.size(); at++) {
            Json.Obj line = CanonicalJson.parseObject(Bytes.utf8(lines.get(at)));
            if (line.has("signatures") && line.array("signatures").items().size() == 2) {
                edit(draft, lines, at, line);
            }
        }
    }

    /** The log's second line on the head, changed, and by a key that is not its own. */
    private static void head(Draft draft) {
        Base base = draft.base();
        SignedNote note = base.fixture().headSignedTwice(Bases.COSIGNED);
        SignatureLine second = note.lines().get(1);
        Bytes field = second.signature();
        Bytes foreign =
                base.other().headSignedTwice(Bases.COSIGNED).lines().get(1).signature();
        Map<String, Bytes> wrong = new LinkedHashMap<>();
        wrong.put("by another log's key", foreign);
        wrong.put("of another time", set(field, 7, field.at(7) ^ 1));
        wrong.put("with another challenge", set(field, 8, field.at(8) ^ 1));
        wrong.put("without a signature", field.slice(0, 8));
        wrong.put("cut by a byte", field.slice(0, field.length() - 1));
        SignatureLine fork = base.fork().headSignedTwice(Bases.COSIGNED).lines().get(1);
        wrong.put("of the other history", fork.signature());
        wrong.forEach((what, signature) -> head(
                draft,
                what,
                note.firstLineOnly().with(new SignatureLine(second.name(), second.keyId(), signature)),
                "bad-checkpoint"));
        SignatureLine later = base.fixture()
                .headSignedTwice(Bases.COSIGNED.plusSeconds(1))
                .lines()
                .get(1);
        head(draft, "twice", note.with(later), "bad-checkpoint", "malformed");
        head(
                draft,
                "before the log's own",
                new SignedNote(note.text(), List.of(second, note.lines().get(0))),
                "bad-checkpoint");
        BundleBytes without =
                draft.bundle().with("checkpoint", note.firstLineOnly().bytes());
        draft.resealed(
                "no second line on the head, asked for",
                without,
                base.asked(),
                Expected.refused("requests", "request-not-met"));
        draft.resealed(
                "no second line on the head, not asked for",
                without,
                Asked.under(base.fixture().log().genesis()),
                Expected.unproven("that no second signature, cosignature or time-stamp token was left out"));
        Json.Obj from = Json.obj()
                .put("algorithms", Json.texts(List.of("ED25519_SHA_512", "ML_DSA_44")))
                .put("from", base.fixture().size())
                .put("use", "log")
                .build();
        draft.resealed(
                "no second line on the head, asked for from the next entry on",
                without,
                Asked.under(base.fixture().log().genesis())
                        .trusting(Bases.trust(base.fixture(), "require", Json.arr(List.of(from)))),
                Expected.unproven(""));
    }

    private static void head(Draft draft, String what, SignedNote note, String... findings) {
        draft.resealed(
                "a second line on the head " + what,
                draft.bundle().with("checkpoint", note.bytes()),
                Expected.refused("checkpoint", findings));
    }

    private static void edit(Draft draft, List<String> lines, int at, Json.Obj line) {
        List<Json.Obj> both = line.array("signatures").objects();
        DsseSignature second = DsseSignature.fromJson(both.get(1));
        others(second.sig()).forEach((what, other) -> {
            List<String> changed = new ArrayList<>(lines);
            Json.Obj signature = new DsseSignature(second.keyid(), other).json();
            changed.set(
                    at,
                    Json.obj()
                            .put("sequence", line.number("sequence"))
                            .put("signatures", Json.arr(List.of(both.get(0), signature)))
                            .build()
                            .bytes()
                            .utf8());
            draft.resealed(
                    "a second signature " + what + " for entry " + line.number("sequence"),
                    draft.bundle().withLines(FILE, changed),
                    Expected.refused("signatures", "bad-signature"));
        });
    }

    private static Map<String, Bytes> others(Bytes signature) {
        Map<String, Bytes> out = new LinkedHashMap<>();
        int used = signature.at(ENDS + ROWS - 1);
        if (used < HINTS_MAX) {
            out.put("with a hint behind the last", set(signature, HINTS + used, 200));
        }
        if (signature.at(ENDS) >= 2) {
            Bytes swapped = set(signature, HINTS, signature.at(HINTS + 1));
            out.put("whose hints are not in order", set(swapped, HINTS + 1, signature.at(HINTS)));
        }
        out.put("with more hints than may be", set(signature, ENDS + ROWS - 1, HINTS_MAX + 1));
        out.put("whose rows end before they begin", set(signature, ENDS + 1, signature.at(ENDS) - 1));
        out.put("with too long a response", set(set(signature, RESPONSE, 0), RESPONSE + 1, 0));
        out.put("with another challenge", set(signature, 0, signature.at(0) ^ 1));
        out.put("cut by a byte", signature.slice(0, signature.length() - 1));
        out.put("longer by a byte", Bytes.concat(signature, Bytes.wrap(new byte[1])));
        return out;
    }

    private static Bytes set(Bytes source, int at, int value) {
        byte[] out = source.toByteArray();
        out[at] = (byte) value;
        return Bytes.wrap(out);
    }
}
