package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.testkit.log.FixtureEntry;
import dev.terraseal.testkit.log.TestKey;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Real ECDSA signatures whose two numbers are right and written in another way than DER's one. Some platforms take some of
 * them, so two verifiers would disagree about one bundle.
 */
final class SignatureForms {
    private static final String FILE = "signatures.jsonl";
    private static final String NAME = "a signature with ";
    private static final Expected REFUSED = Expected.refused("signatures", "bad-signature", "malformed");

    private SignatureForms() {}

    static boolean isPublished(Mutation mutation) {
        return mutation.base().equals("small") && mutation.name().startsWith(NAME);
    }

    /** For the first entry of the bundle that one ECDSA key alone signed and whose numbers need a zero before them. */
    static void add(Draft draft) {
        List<String> lines = draft.bundle().lines(FILE);
        for (int at = 0; at < lines.size(); at++) {
            int index = draft.base().indices().get(at);
            FixtureEntry entry = draft.base().fixture().entries().get(index);
            TestKey key = draft.base().fixture().attestKey();
            Json.Obj line = CanonicalJson.parseObject(Bytes.utf8(lines.get(at)));
            if (entry.batch() >= 0 || !line.has("signatures") || key.key().algorithm() != Algorithm.ECDSA_SHA_256) {
                continue;
            }
            List<Json.Obj> signatures = line.array("signatures").objects();
            if (signatures.size() != 1
                    || !signatures
                            .get(0)
                            .string("keyid")
                            .equals(key.key().keyid().hex())) {
                continue;
            }
            Map<String, Bytes> forms = forms(signatures.get(0).base64("sig"));
            if (!forms.isEmpty()) {
                put(draft, lines, at, forms, key);
                return;
            }
        }
    }

    private static void put(Draft draft, List<String> lines, int at, Map<String, Bytes> forms, TestKey key) {
        forms.forEach((what, signature) -> {
            List<String> changed = new ArrayList<>(lines);
            changed.set(
                    at,
                    Json.obj()
                            .put("sequence", (long) draft.base().indices().get(at))
                            .put(
                                    "signatures",
                                    Json.arr(List.of(new DsseSignature(key.key().keyid(), signature).json())))
                            .build()
                            .bytes()
                            .utf8());
            draft.resealed(NAME + what, draft.bundle().withLines(FILE, changed), REFUSED);
        });
    }

    /** None where neither number begins with a one: then there is no negative number of the same bits. */
    private static Map<String, Bytes> forms(Bytes der) {
        Bytes r = der.slice(4, 4 + der.at(3));
        Bytes s = der.slice(6 + r.length(), der.length());
        Map<String, Bytes> forms = new LinkedHashMap<>();
        if (r.at(0) != 0 && s.at(0) != 0) {
            return forms;
        }
        forms.put("a number written as negative", der(positive(r), positive(s)));
        Bytes zero = Bytes.fromHex("00");
        forms.put("a zero before a number", der(Bytes.concat(zero, r), s));
        Bytes body = der.slice(2, der.length());
        forms.put("a length in two bytes", Bytes.concat(Bytes.fromHex("3081"), der.slice(1, 2), body));
        forms.put("a byte behind it", Bytes.concat(der, zero));
        BigInteger order = new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
        byte[] more = new BigInteger(1, s.toByteArray()).add(order).toByteArray();
        forms.put("the curve's order added to a number", der(r, Bytes.wrap(more)));
        return forms;
    }

    private static Bytes positive(Bytes number) {
        return number.at(0) == 0 ? number.slice(1, number.length()) : number;
    }

    private static Bytes der(Bytes r, Bytes s) {
        Bytes first = Bytes.concat(Bytes.wrap(new byte[] {2, (byte) r.length()}), r);
        Bytes second = Bytes.concat(Bytes.wrap(new byte[] {2, (byte) s.length()}), s);
        byte[] head = {0x30, (byte) (first.length() + second.length())};
        return Bytes.concat(Bytes.wrap(head), first, second);
    }
}
