package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;

/** A policy that takes the log's own second line for a witness's: nobody but the log has then seen its head. */
final class OwnWitness {
    private static final Expected MISSING = Expected.refused("witnesses", "cosignature-missing");

    private final LogFixture log;
    private final Draft draft;

    private OwnWitness(long seed) {
        log = Logs.twice(seed, 0);
        SignedNote head = log.headSignedTwice(Bases.COSIGNED);
        draft = TwoReadings.draftOf(
                "own witness", log, FixtureExport.under(log, seen(head)).whole());
    }

    private static SignedNote seen(SignedNote head) {
        try {
            return head.with(NoteSigner.cosign(head.text(), Bases.witnessName(1), Bases.COSIGNED, Bases.witness(1)));
        } catch (SigningException broken) {
            throw new IllegalStateException(broken);
        }
    }

    static Draft draft(long seed) {
        OwnWitness edits = new OwnWitness(seed);
        edits.add("alone", "quorum own", MISSING);
        edits.add("one of two who have to be", "group both all own w1\nquorum both", MISSING);
        edits.add("one of two of whom one is enough", "group one any own w1\nquorum one", Expected.unproven(""));
        edits.ages();
        return edits.draft;
    }

    private Json.Builder trust(String quorum) {
        String own = VerifierKey.secondOfLog(
                        log.log().origin(), log.secondLogKey().key())
                .text();
        String other = VerifierKey.ofCosigner(
                        Bases.witnessName(1), Bases.witness(1).key())
                .text();
        return Json.obj()
                .put("format", 1)
                .put("genesis", log.log().genesis())
                .put("origin", log.log().origin().value())
                .put("witnesses", "witness own " + own + "\nwitness w1 " + other + "\n" + quorum + "\n");
    }

    private void add(String what, String quorum, Expected expected) {
        put("the log as a witness, " + what, trust(quorum).build().bytes(), expected);
    }

    private void put(String what, Bytes trust, Expected expected) {
        draft.resealed(what, draft.bundle(), draft.base().asked().trusting(trust), expected);
    }

    /** Where no quorum is required of the head yet its age is asked all the same. */
    private void ages() {
        Expected unknown = Expected.refused("requests", "request-not-met");
        for (String quorum : new String[] {"own", "w1"}) {
            Bytes trust = trust("quorum " + quorum)
                    .put("witnessesFrom", 1_000)
                    .put("maxHeadAgeSeconds", 1_000_000_000_000L)
                    .build()
                    .bytes();
            put("an age by the word of " + quorum, trust, quorum.equals("own") ? unknown : Expected.unproven(""));
        }
    }
}
