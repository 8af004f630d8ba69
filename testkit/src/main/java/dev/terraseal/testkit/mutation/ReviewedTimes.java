package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Tokens in an encoding that is not the one, and times no token and no cosigner can have. */
final class ReviewedTimes {
    private static final Expected HOLDS = Expected.unproven("");
    private static final Expected BAD_TOKEN = Expected.refused("time", "bad-token");

    /** The end of the year 9999. */
    private static final long LAST = 253_402_300_799L;

    /** The first second that the dates of JavaScript do not reach. */
    private static final long BEYOND_DATES = 8_640_000_000_001L;

    private final long seed;
    private final LogFixture log;
    private final List<Draft> drafts = new ArrayList<>();

    private ReviewedTimes(long seed) {
        this.seed = seed;
        this.log = Logs.small(seed, 0);
    }

    static List<Draft> drafts(long seed) {
        ReviewedTimes reviewed = new ReviewedTimes(seed);
        reviewed.tokens();
        reviewed.cosignatures();
        reviewed.quoted();
        return reviewed.drafts;
    }

    private Draft draft(String name, BundleBytes bundle, Bytes trust) {
        Asked asked = Asked.under(log.log().genesis()).trusting(trust);
        Draft draft = new Draft(new Base(name, log, log, log, bundle, List.of(), asked), 1, 1);
        drafts.add(draft);
        return draft;
    }

    private void tokens() {
        BundleBytes whole = TokenEdits.stamp(FixtureExport.of(log), 4).whole();
        Draft draft = draft("read as DER", whole, Bases.trust(log, "timeAuthorities", TokenEdits.authorities()));
        String file = whole.names("timestamps/4/").get(1);
        String hex = whole.get(file).hex();
        // No signature is over these two.
        edited(draft, file, "the version of SignedData negative", hex, hex.indexOf("02010331"), "02018331");
        edited(draft, file, "the version of SignerInfo negative", hex, hex.lastIndexOf("02010130"), "02018130");
        Bytes endless = withEndlessTime(whole.get(file));
        draft.resealed("a token whose time has 200,000 bytes", whole.with(file, endless), BAD_TOKEN);
        String signed = whole.text("signatures.jsonl");
        String forged = signed.replaceFirst("\"sig\":\"([^\"]{20}).", "\"sig\":\"$1" + other(signed));
        draft.resealed(
                "a token whose time has 200,000 bytes beside a forged signature",
                whole.with(file, endless).with("signatures.jsonl", forged),
                Expected.refused("signatures", "bad-signature"));
    }

    private static String other(String signed) {
        return signed.charAt(signed.indexOf("\"sig\":\"") + 27) == 'A' ? "B" : "A";
    }

    private static void edited(Draft draft, String file, String what, String hex, int at, String by) {
        String changed = hex.substring(0, at) + by + hex.substring(at + by.length());
        draft.resealed(what, draft.bundle().with(file, Bytes.fromHex(changed)), BAD_TOKEN);
    }

    private static Bytes withEndlessTime(Bytes token) {
        Bytes digits = Bytes.utf8("2".repeat(200_000));
        int at = token.hex().indexOf("1812" + Bytes.utf8("2026").hex()) / 2;
        return grown(token, 0, at, element(0x18, digits));
    }

    /** The element that begins at {@code from}, with another one where the one that begins at {@code at} was. */
    private static Bytes grown(Bytes der, int from, int at, Bytes other) {
        if (from == at) {
            return other;
        }
        int end = end(der, from);
        Bytes content = Bytes.EMPTY;
        for (int child = content(der, from); child < end; child = end(der, child)) {
            boolean within = child <= at && at < end(der, child);
            content = Bytes.concat(content, within ? grown(der, child, at, other) : der.slice(child, end(der, child)));
        }
        return element(der.at(from), content);
    }

    private static int content(Bytes der, int from) {
        int length = der.at(from + 1) & 0xff;
        return from + 2 + (length > 0x80 ? length & 0x7f : 0);
    }

    private static int end(Bytes der, int from) {
        int begin = content(der, from);
        int length = der.at(from + 1) & 0xff;
        for (int i = from + 2; i < begin; i++) {
            length = (i == from + 2 ? 0 : length << 8) | der.at(i) & 0xff;
        }
        return begin + length;
    }

    private static Bytes element(int tag, Bytes content) {
        String length = Integer.toHexString(content.length());
        length = length.length() % 2 == 0 ? length : "0" + length;
        String header = content.length() < 0x80 ? length : Integer.toHexString(0x80 + length.length() / 2) + length;
        return Bytes.concat(Bytes.wrap(new byte[] {(byte) tag}), Bytes.fromHex(header), content);
    }

    private void cosignatures() {
        Bytes trust = Bases.trust(log, "witnesses", new Json.Str(Bases.policy()));
        BundleBytes bundle = cosigned(Bases.COSIGNED.getEpochSecond());
        Draft draft = draft("cosigned some day", bundle, trust);
        draft.resealed("at the end of the year 9999", cosigned(LAST), HOLDS);
        Expected refused = Expected.refused("witnesses", "bad-cosignature");
        draft.resealed("a second after the year 9999", cosigned(LAST + 1), refused);
        draft.resealed("beyond the dates of JavaScript", cosigned(BEYOND_DATES), refused);
    }

    private BundleBytes cosigned(long second) {
        SignedNote note = log.checkpoint(log.size());
        try {
            for (int i = 1; i <= 2; i++) {
                Instant at = Instant.ofEpochSecond(second);
                note = note.with(NoteSigner.cosign(note.text(), Bases.witnessName(i), at, Bases.witness(i)));
            }
        } catch (SigningException broken) {
            throw new IllegalStateException(broken);
        }
        return FixtureExport.under(log, note).whole();
    }

    /** What an entry quotes is its producer's word: a time that is none bounds nothing. */
    private void quoted() {
        for (long second : new long[] {LAST - 1, LAST + 1, BEYOND_DATES}) {
            Base base = QuotedHeads.cosignedAt(Instant.ofEpochSecond(second), seed);
            Draft draft = new Draft(base, 1, 1);
            draft.resealed("as the log signed it", base.bundle(), HOLDS);
            drafts.add(draft);
        }
    }
}
