package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.testkit.log.BundleBytes;
import java.util.ArrayList;
import java.util.List;

/**
 * A log whose log.json has a key in another encoding than the one there is, so that one key would have two names and count
 * twice. The caller trusts exactly this log.json: nothing but its own form is wrong.
 */
final class TwoEncodings {
    private static final Expected REFUSED = Expected.refused("declaration", "malformed");
    /** An uncompressed point of P-256 ends the SPKI: 0x04, then 32 bytes each of x and y. */
    private static final int POINT = 65;

    private final Draft draft;
    private final BundleBytes whole;
    private final Json.Obj log;

    private TwoEncodings(Draft draft) {
        this.draft = draft;
        this.whole = draft.bundle();
        this.log = CanonicalJson.parseObject(whole.get("log.json"));
    }

    static void add(Draft draft) {
        TwoEncodings edits = new TwoEncodings(draft);
        Json.Obj attest = edits.key("attest");
        Bytes spki = attest.base64("spki");
        edits.encodings("with a compressed point", attest, compressed(spki));
        edits.encodings("with a byte more", attest, Bytes.concat(spki, Bytes.fromHex("00")));
        Json.Obj head = edits.key("log");
        Bytes raw = head.base64("spki");
        Bytes key = raw.slice(raw.length() - Digest.LENGTH, raw.length());
        edits.encodings(
                "with parameters that are NULL",
                head,
                Bytes.concat(Bytes.fromHex("302c300706032b65700500032100"), key));
        List<Json> twice = edits.others("");
        twice.add(edits.named(attest, "ingest", spki));
        edits.put("a key in two uses", twice);
    }

    private Json.Obj key(String use) {
        for (Json.Obj key : log.array("keys").objects()) {
            if (key.string("use").equals(use)) {
                return key;
            }
        }
        throw new IllegalStateException("log.json has no key for " + use);
    }

    private static Bytes compressed(Bytes spki) {
        int at = spki.length() - POINT;
        byte odd = (byte) (spki.at(spki.length() - 1) & 1);
        return Bytes.concat(
                Bytes.fromHex("3039301306072a8648ce3d020106082a8648ce3d030107032200"),
                Bytes.wrap(new byte[] {(byte) (2 + odd)}),
                spki.slice(at + 1, at + 1 + Digest.LENGTH));
    }

    /** The key in another encoding in place of the right one, and beside it. */
    private void encodings(String how, Json.Obj key, Bytes spki) {
        List<Json> instead = others(key.string("keyid"));
        instead.add(named(key, key.string("use"), spki));
        put("the " + key.string("use") + " key " + how, instead);
        List<Json> beside = others("");
        beside.add(named(key, key.string("use"), spki));
        put("the " + key.string("use") + " key once more " + how, beside);
    }

    private List<Json> others(String keyid) {
        List<Json> others = new ArrayList<>();
        for (Json.Obj key : log.array("keys").objects()) {
            if (!key.string("keyid").equals(keyid)) {
                others.add(key);
            }
        }
        return others;
    }

    private Json.Obj named(Json.Obj key, String use, Bytes spki) {
        return Json.obj()
                .put("algorithm", key.string("algorithm"))
                .put("keyid", Digest.of(spki))
                .put("spki", spki.base64())
                .put("use", use)
                .build();
    }

    private void put(String what, List<Json> keys) {
        Json.Builder changed = Json.obj();
        log.members().forEach((name, old) -> changed.put(name, name.equals("keys") ? Json.arr(keys) : old));
        Bytes bytes = changed.build().bytes();
        draft.resealed(
                WrongLogs.NAME + "with " + what, whole.with("log.json", bytes), Asked.under(Digest.of(bytes)), REFUSED);
    }
}
