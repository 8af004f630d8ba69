package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.TestKey;
import java.time.Instant;
import java.util.Set;

/** Cosignatures that are not what a trust file asks for, and some that are. */
final class WitnessEdits {
    /** How the names of these mutations begin. */
    private static final String NAME = "witnesses, ";

    /** Those among the published vectors, one of a kind. */
    private static final Set<String> PUBLISHED = Set.of(
            "no cosignature, required from the newest entry on",
            "one of any",
            "a stranger's line more",
            "a stranger under a witness's name",
            "a cosignature of the other history",
            "a policy for another log");

    private static final Expected MISSING = Expected.refused("witnesses", "cosignature-missing");
    private static final Expected BAD = Expected.refused("witnesses", "bad-cosignature");
    private static final Expected HOLDS = Expected.unproven("");
    private static final Instant LATER = Instant.parse("2026-11-22T01:33:00Z");

    private final Draft draft;
    private final Base base;
    private final SignedNote note;

    private WitnessEdits(Draft draft) {
        this.draft = draft;
        this.base = draft.base();
        this.note = Bases.cosigned(base.fixture());
    }

    static boolean isPublished(Mutation mutation) {
        return mutation.name().startsWith(NAME)
                && PUBLISHED.contains(mutation.name().substring(NAME.length()));
    }

    static void add(Draft draft) {
        if (draft.base().name().equals("cosigned")) {
            WitnessEdits edits = new WitnessEdits(draft);
            edits.fromAnIndexOn();
            edits.quorums();
            edits.strangers();
            edits.foreignLines();
        }
    }

    private void head(String what, SignedNote head, Bytes trust, Expected expected) {
        draft.resealed(
                NAME + what,
                FixtureExport.under(base.fixture(), head).whole(),
                base.asked().trusting(trust),
                expected);
    }

    private Bytes trust(String policy, long from) {
        return Json.obj()
                .put("format", 1)
                .put("genesis", base.fixture().log().genesis())
                .put("origin", base.fixture().log().origin().value())
                .put("witnesses", policy)
                .put("witnessesFrom", from)
                .build()
                .bytes();
    }

    private SignatureLine line(SignedNote of, int witness, Instant at, TestKey key) {
        try {
            return NoteSigner.cosign(of.text(), Bases.witnessName(witness), at, key);
        } catch (SigningException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private void fromAnIndexOn() {
        long size = base.fixture().size();
        SignedNote bare = note.firstLineOnly();
        head("no cosignature, required of later heads", bare, trust(Bases.policy(), size), HOLDS);
        head("no cosignature, required from the newest entry on", bare, trust(Bases.policy(), size - 1), MISSING);
        SignedNote broken = bare.with(new SignatureLine(
                Bases.witnessName(1),
                note.lines().get(1).keyId(),
                note.lines().get(2).signature()));
        head("a broken cosignature, required of later heads", broken, trust(Bases.policy(), size), BAD);
        head("both cosignatures, required of later heads", note, trust(Bases.policy(), size), HOLDS);
    }

    private void quorums() {
        SignedNote one = note.firstLineOnly().with(note.lines().get(1));
        head("one of any", one, trust(Bases.policy().replace(" all ", " any "), 0), HOLDS);
        head("one of two", one, trust(Bases.policy().replace(" all ", " 2 "), 0), MISSING);
        head("none of any", note.firstLineOnly(), trust(Bases.policy().replace(" all ", " any "), 0), MISSING);
        head(
                "none of nobody",
                note.firstLineOnly(),
                trust(Bases.policy().replace("quorum both", "quorum none"), 0),
                HOLDS);
        String nested = Bases.policy().replace("group both", "group a any w1\ngroup b any w2\ngroup both");
        head("two groups of one", note, trust(nested.replace("all w1 w2", "all a b"), 0), HOLDS);
        head("one of two groups", one, trust(nested.replace("all w1 w2", "all a b"), 0), MISSING);
        head("not the one that counts", one, trust(Bases.policy().replace("quorum both", "quorum w2"), 0), MISSING);
    }

    /** Lines of keys nobody named say nothing, good or bad. */
    private void strangers() {
        TestKey stranger = TestKey.seeded(KeyUse.WITNESS, Algorithm.ED25519_SHA_512, 7777);
        SignatureLine theirs = line(note, 3, LATER, stranger);
        SignatureLine nonsense = new SignatureLine("stranger.example", theirs.keyId(), Bytes.utf8("nothing at all"));
        head("a stranger's line more", note.with(theirs).with(nonsense), trust(Bases.policy(), 0), HOLDS);
        SignedNote one = note.firstLineOnly().with(note.lines().get(1)).with(theirs);
        head("a stranger instead of a witness", one, trust(Bases.policy(), 0), MISSING);
        SignedNote named = note.firstLineOnly().with(note.lines().get(1)).with(line(note, 2, LATER, stranger));
        head("a stranger under a witness's name", named, trust(Bases.policy(), 0), MISSING);
    }

    /** What holds of something else. */
    private void foreignLines() {
        SignedNote smaller = base.fixture().checkpoint(base.fixture().size() - 1);
        SignatureLine older = line(smaller, 1, LATER, Bases.witness(1));
        SignedNote replaced = note.firstLineOnly().with(older).with(note.lines().get(2));
        head("a cosignature of an older checkpoint", replaced, trust(Bases.policy(), 0), BAD);
        SignedNote forked = base.fork().checkpoint(base.fixture().size());
        SignatureLine other = line(forked, 1, LATER, Bases.witness(1));
        head(
                "a cosignature of the other history",
                note.firstLineOnly().with(other).with(note.lines().get(2)),
                trust(Bases.policy(), 0),
                BAD);
        byte[] earlier = note.lines().get(1).signature().toByteArray();
        earlier[7]--;
        SignatureLine backdated =
                new SignatureLine(Bases.witnessName(1), note.lines().get(1).keyId(), Bytes.wrap(earlier));
        head(
                "a cosignature with another time",
                note.firstLineOnly().with(backdated).with(note.lines().get(2)),
                trust(Bases.policy(), 0),
                BAD);
        String ofOther = "log "
                + VerifierKey.ofLog(
                                base.other().log().origin(),
                                base.other().logKey().key())
                        .text()
                + "\n";
        head("a policy for another log", note, trust(ofOther + Bases.policy(), 0), BAD);
        String ofThis = "log "
                + VerifierKey.ofLog(
                                base.fixture().log().origin(),
                                base.fixture().logKey().key())
                        .text()
                + "\n";
        head("a policy for this log", note, trust(ofThis + Bases.policy(), 0), HOLDS);
    }
}
