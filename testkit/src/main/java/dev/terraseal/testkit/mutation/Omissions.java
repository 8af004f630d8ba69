package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import java.util.ArrayList;
import java.util.List;

/**
 * What was only left out, so that everything that is there holds: an older head, cosignatures, a second signature, tokens.
 * Refused where somebody asked for it; otherwise said under "not proven".
 */
final class Omissions {
    private static final String NEWEST = "nothing here says it is the newest today";
    private static final String ONE_OF_TWO = "that no second signature, cosignature or time-stamp token was left out";
    private static final Expected UNMET = Expected.refused("requests", "request-not-met");
    private static final Expected MISSING = Expected.refused("witnesses", "cosignature-missing");

    private final Draft draft;
    private final Base base;
    private final BundleBytes whole;
    private final Asked plain;

    private Omissions(Draft draft) {
        this.draft = draft;
        this.base = draft.base();
        this.whole = draft.bundle();
        this.plain = Asked.under(base.fixture().log().genesis());
    }

    static void add(Draft draft) {
        Omissions omissions = new Omissions(draft);
        omissions.tokens();
        omissions.sizes();
        omissions.times();
        switch (draft.base().name()) {
            case "small" -> omissions.olderHead();
            case "cosigned" -> omissions.cosignatures();
            case "signed twice" -> omissions.secondSignatures();
            default -> {}
        }
    }

    private void both(String what, BundleBytes bundle, Asked asking, Expected refused, String open) {
        draft.resealed(what + ", asked for", bundle, asking, refused);
        draft.resealed(what + ", not asked for", bundle, plain, Expected.unproven(open));
    }

    private void tokens() {
        Bytes trust = Bases.trust(base.fixture(), "timeAuthorities", TokenEdits.authorities());
        boolean signed = !base.name().equals("cosigned");
        if (signed) {
            both(
                    "time-stamp tokens",
                    whole,
                    plain.trusting(trust),
                    Expected.refused("time", "token-missing"),
                    "no time-stamp token");
        }
    }

    private void sizes() {
        long size = base.fixture().size();
        for (long more : new long[] {1, 2, 1000}) {
            draft.resealed("a head of " + (size + more) + " entries", whole, plain.atLeast(size + more), UNMET);
        }
        Json.Obj seen = Json.obj()
                .put("size", size + 1)
                .put("root", whole.text("checkpoint").split("\n")[2])
                .build();
        draft.resealed(
                "a head newer than the one last seen",
                whole,
                plain.trusting(Bases.trust(base.fixture(), "lastSeen", seen)),
                UNMET);
        draft.resealed(
                "the head last seen, of another history",
                whole,
                plain.trusting(Bases.trust(
                        base.fixture(),
                        "lastSeen",
                        Json.obj()
                                .put("size", size)
                                .put("root", base.fork().checkpoint(size).text().split("\n")[2])
                                .build())),
                Expected.refused("requests", "two-histories"));
        draft.resealed(
                "the checkpoint to continue, of another history",
                whole,
                plain.continuing(base.fork().checkpoint(size).bytes()),
                Expected.refused("requests", "two-histories"));
        draft.resealed(
                "the checkpoint to continue, of another log",
                whole,
                plain.continuing(base.other().checkpoint(size).bytes()),
                UNMET);
        Json.Arr broken = Json.arr(List.of(Json.obj()
                .put("algorithm", "ECDSA_SHA_256")
                .put("after", "2026-01-01T00:00:00.000Z")
                .build()));
        if (!base.name().equals("signed twice")) {
            draft.resealed(
                    "an algorithm that still holds",
                    whole,
                    plain.trusting(Bases.trust(base.fixture(), "brokenAlgorithms", broken)),
                    Expected.refused("signatures", "broken-algorithm"));
        }
    }

    /** How far entries without gaps reach; a selection leaves out what it likes. */
    private void times() {
        long newest = LogFixture.BEGIN.epochMillis()
                + 1000L * base.indices().get(base.indices().size() - 1);
        boolean gapless = base.isContiguous() || base.isStream();
        draft.resealed(
                "entries up to the newest here",
                whole,
                plain.until(new Timestamp(newest)),
                gapless ? Expected.unproven("") : UNMET);
        draft.resealed("entries that were received later", whole, plain.until(new Timestamp(newest + 1)), UNMET);
    }

    /** The whole bundle of the same log when it was younger: true in every byte. */
    private void olderHead() {
        LogFixture grown = Logs.small(draft.seed(), 0);
        for (int more = 1; more <= 6; more++) {
            grown.apply(Logs.PROD, 3 + more, 4 + more);
            Bytes newer = grown.checkpoint(grown.size()).bytes();
            both(more + " newer entries", whole, plain.atLeast(grown.size()), UNMET, NEWEST);
            Json.Obj seen = Json.obj()
                    .put("size", grown.size())
                    .put("root", newer.utf8().split("\n")[2])
                    .build();
            draft.resealed(
                    more + " newer entries, which the trust file saw",
                    whole,
                    plain.trusting(Bases.trust(base.fixture(), "lastSeen", seen)),
                    UNMET);
            draft.resealed(more + " newer entries, whose checkpoint was kept", whole, plain.continuing(newer), UNMET);
        }
    }

    private void cosignatures() {
        SignedNote note = Bases.cosigned(base.fixture());
        Asked asking = base.asked();
        both("all cosignatures", stripped(note.firstLineOnly()), asking, MISSING, "no witness");
        for (int gone = 1; gone <= 2; gone++) {
            SignedNote one = note.firstLineOnly().with(note.lines().get(3 - gone));
            both("the cosignature of witness " + gone, stripped(one), asking, MISSING, "cosignature");
            byte[] bytes = note.lines().get(gone).signature().toByteArray();
            for (int at = 0; at < bytes.length; at += 5) {
                byte[] wrong = bytes.clone();
                wrong[at] ^= 1;
                String text = note.bytes().utf8().replace(base64(note, gone, bytes), base64(note, gone, wrong));
                draft.resealed(
                        "byte " + at + " of the cosignature of witness " + gone,
                        whole.with("checkpoint", text),
                        asking,
                        Expected.refused("witnesses", "bad-cosignature"));
            }
        }
        SignedNote twice =
                note.firstLineOnly().with(note.lines().get(1)).with(note.lines().get(1));
        draft.resealed(
                "one witness twice instead of two",
                whole.with("checkpoint", twice.bytes()),
                asking,
                Expected.refused("witnesses", "cosignature-missing", "bad-cosignature"));
    }

    private static String base64(SignedNote note, int line, byte[] signature) {
        return Bytes.concat(note.lines().get(line).keyId().bytes(), Bytes.copyOf(signature))
                .base64();
    }

    private BundleBytes stripped(SignedNote note) {
        return FixtureExport.under(base.fixture(), note).whole();
    }

    private void secondSignatures() {
        Expected refused = Expected.refused("signatures", "unsigned");
        signatureOfTwo("signatures.jsonl", "", refused);
        // In a part of a log an entry may be there and nowhere else.
        signatureOfTwo("key-events/signatures.jsonl", " in key-events", Expected.refused("key-events", "unsigned"));
        Json.Obj batch = CanonicalJson.parseObject(
                Bytes.utf8(whole.lines("batches.jsonl").get(0)));
        Json.Obj one = Json.obj()
                .put("payload", batch.string("payload"))
                .put("payloadType", batch.string("payloadType"))
                .put(
                        "signatures",
                        Json.arr(List.of(batch.array("signatures").items().get(0))))
                .build();
        both(
                "the second signature of a batch",
                whole.with("batches.jsonl", one.bytes().utf8() + "\n"),
                base.asked(),
                refused,
                ONE_OF_TWO);
    }

    private void signatureOfTwo(String file, String where, Expected refused) {
        List<String> lines = whole.lines(file);
        for (int at = 0; at < lines.size(); at++) {
            Json.Obj line = CanonicalJson.parseObject(Bytes.utf8(lines.get(at)));
            if (!line.has("signatures") || line.array("signatures").items().size() < 2) {
                continue;
            }
            for (int kept = 0; kept < 2; kept++) {
                List<String> changed = new ArrayList<>(lines);
                changed.set(
                        at,
                        Json.obj()
                                .put("sequence", line.number("sequence"))
                                .put(
                                        "signatures",
                                        Json.arr(List.of(
                                                line.array("signatures").items().get(kept))))
                                .build()
                                .bytes()
                                .utf8());
                both(
                        "signature " + (1 - kept) + " of entry " + line.number("sequence") + where,
                        whole.withLines(file, changed),
                        base.asked(),
                        refused,
                        ONE_OF_TWO);
            }
        }
    }
}
