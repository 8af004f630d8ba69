package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.tsa.Flaw;
import dev.terraseal.testkit.tsa.TestAuthority;
import java.time.Instant;
import java.util.List;

/** Time stamps that say nothing, or something else, sealed with the real export key. */
final class TokenEdits {
    private static final String NAME = "tsa.example";
    static final String BASE = "stamped";
    private static final Expected BAD = Expected.refused("time", "bad-token");
    private static final Expected MISSING = Expected.refused("time", "token-missing");
    private static final Instant FIRST = Instant.parse("2026-11-22T02:00:00Z");

    private final Draft draft;
    private final BundleBytes whole;
    private final TestAuthority trusted = trusted();
    private final TestAuthority stranger = TestAuthority.seeded("stranger", 500);

    private TokenEdits(Draft draft) {
        this.draft = draft;
        this.whole = draft.bundle();
    }

    /** The authority of the trust files. */
    static TestAuthority trusted() {
        return TestAuthority.seeded("tsa", 400);
    }

    static Json.Arr authorities() {
        return Json.arr(List.of(Json.obj()
                .put("root", trusted().rootPem())
                .put("policy", TestAuthority.POLICY)
                .build()));
    }

    static FixtureExport stamp(FixtureExport export, int... sizes) {
        TestAuthority authority = trusted();
        for (int size : sizes) {
            export.stamped(size, NAME + "-" + second(size), note -> authority.stamp(note, time(size)));
        }
        return export;
    }

    private static Instant time(int size) {
        return FIRST.plusSeconds(60L * size).plusMillis(250);
    }

    private static String second(int size) {
        return time(size).toString().replaceAll("[-:]", "").replaceAll("\\..*", "") + "Z";
    }

    static void add(Draft draft) {
        TokenEdits edits = new TokenEdits(draft);
        for (String file : edits.whole.names("timestamps/")) {
            if (file.endsWith(".tsr")) {
                int size = Integer.parseInt(file.split("/")[1]);
                edits.flaws(file, size);
                edits.turned(file);
                edits.elsewhere(file, size);
            }
        }
        edits.strangers();
        edits.notes();
    }

    private Bytes note(int size) {
        return whole.get("timestamps/" + size + "/note");
    }

    private int largest() {
        return whole.names("timestamps/").stream()
                .mapToInt(name -> Integer.parseInt(name.split("/")[1]))
                .max()
                .orElseThrow();
    }

    private void put(String what, String file, Bytes token, Expected expected) {
        draft.resealed(what + " in " + file, whole.with(file, token), expected);
    }

    private void flaws(String file, int size) {
        for (Flaw flaw : Flaw.values()) {
            if (flaw == Flaw.NONE || flaw == Flaw.OTHER_NONCE) {
                continue;
            }
            Bytes token = trusted.stamp(note(size), time(size), flaw);
            boolean uncounted = flaw == Flaw.OTHER_POLICY || flaw == Flaw.BROKEN_CHAIN;
            if (!uncounted) {
                put("flaw " + flaw, file, token, BAD);
            } else if (size == largest()) {
                put("flaw " + flaw, file, token, MISSING);
            }
        }
    }

    /** Bits of what is signed and of the signature: others mean nothing, and a token may hold all the same. */
    private void turned(String file) {
        Bytes token = whole.get(file);
        String hex = token.hex();
        String info = Digest.of(note(Integer.parseInt(file.split("/")[1]))).hex();
        int imprint = hex.indexOf(info) / 2;
        for (int at = imprint - 12; at < imprint + 50; at += 5) {
            put("bit of byte " + at, file, Draft.flipped(token, at, at % 8), BAD);
        }
        for (int at = token.length() - 60; at < token.length(); at += 7) {
            put("bit of byte " + at, file, Draft.flipped(token, at, at % 8), BAD);
        }
        for (int cut : new int[] {0, 1, token.length() / 2, token.length() - 1}) {
            put("the first " + cut + " bytes", file, token.slice(0, cut), BAD);
        }
        put("a byte more", file, Bytes.concat(token, Bytes.utf8("x")), BAD);
    }

    private void elsewhere(String file, int size) {
        Bytes later = trusted.stamp(note(size), time(size).plusSeconds(1));
        put("a token of another second", file, later, BAD);
        put("a token of other bytes", file, trusted.stamp(Bytes.utf8("x"), time(size)), BAD);
        draft.resealed("no " + file, whole.without(file), Expected.refused("time", "stranger", "token-missing"));
    }

    private void strangers() {
        String newest = "timestamps/" + largest() + "/" + NAME + "-" + second(largest()) + ".tsr";
        put("a token by somebody nobody named", newest, stranger.stamp(note(largest()), time(largest())), MISSING);
        draft.resealed("no time stamps", withoutStamps(), MISSING);
        BundleBytes few = withoutStamps();
        for (String name : whole.names("timestamps/")) {
            few = name.startsWith("timestamps/" + largest() + "/") ? few : few.with(name, whole.get(name));
        }
        draft.resealed("no time stamp of the newest entries", few, MISSING);
    }

    private BundleBytes withoutStamps() {
        BundleBytes out = whole;
        for (String name : whole.names("timestamps/")) {
            out = out.without(name);
        }
        return out;
    }

    private void notes() {
        for (String name : whole.names("timestamps/")) {
            if (!name.endsWith("/note")) {
                continue;
            }
            int size = Integer.parseInt(name.split("/")[1]);
            draft.resealed("no " + name, whole.without(name), Expected.refused("time", "missing-file"));
            stamped(
                    "another log's note",
                    size,
                    draft.base().other().checkpoint(size).bytes(),
                    "bad-checkpoint");
            stamped(
                    "a note of another size",
                    size,
                    draft.base().fixture().checkpoint(size - 1).bytes(),
                    "bad-checkpoint");
            stamped(
                    "another history's note",
                    size,
                    draft.base().fork().checkpoint(size).bytes(),
                    "two-histories");
            Bytes twice = Bytes.utf8(note(size).utf8() + "\u2014 stranger.example "
                    + Bytes.wrap(new byte[76]).base64() + "\n");
            stamped("a note with a stranger's line", size, twice, "bad-checkpoint");
        }
    }

    /** A note that is not the head's, with a true token over it. */
    private void stamped(String what, int size, Bytes note, String finding) {
        String file = "timestamps/" + size + "/" + NAME + "-" + second(size) + ".tsr";
        draft.resealed(
                what + " stamped as size " + size,
                whole.with("timestamps/" + size + "/note", note).with(file, trusted.stamp(note, time(size))),
                Expected.refused("time", finding));
    }
}
