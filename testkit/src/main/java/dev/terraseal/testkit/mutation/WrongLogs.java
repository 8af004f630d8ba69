package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.log.TestKey;

/** Logs that went wrong themselves: every key is the right one, every proof holds, and one rule alone is broken. */
final class WrongLogs {
    /** How the name of each of these begins. */
    static final String NAME = "a log ";

    private WrongLogs() {}

    static void add(Draft draft) {
        if (draft.base().name().equals("rotated")) {
            rotated(draft);
        }
        if (!draft.base().name().equals("small")) {
            return;
        }
        LogFixture twice = Logs.small(draft.seed(), 0);
        twice.forkStream(Logs.PROD).apply(Logs.PROD, 1, 2).heads();
        draft.resealed(
                NAME + "whose stream begins twice",
                FixtureExport.of(twice).whole(),
                Expected.refused("chain", "broken-stream"));
        LogFixture hiding = Logs.small(draft.seed(), 0);
        hiding.apply(Logs.DEV, 1, 2).headsWithout(Logs.DEV);
        draft.resealed(
                NAME + "whose heads entry leaves a stream out",
                FixtureExport.of(hiding).whole(),
                Expected.refused("stream-heads", "bad-heads"));
        LogFixture wrongUse = Logs.small(draft.seed(), 0);
        wrongUse.signingWith(wrongUse.ingestKey()).apply(Logs.PROD, 4, 5);
        wrongUse.signingWith(wrongUse.attestKey()).heads();
        draft.resealed(
                NAME + "whose ingest key signed an entry",
                FixtureExport.of(wrongUse).whole(),
                Expected.refused("signatures", "unknown-key"));
        LogFixture suspect = Logs.small(draft.seed(), 0);
        suspect.revokeFirstAttestKey(2).signingWith(suspect.attestKey());
        draft.resealed(
                NAME + "whose attest key was stolen before it was revoked",
                FixtureExport.of(suspect).whole(),
                Expected.refused("signatures", "suspect"));
        TwoEncodings.add(draft);
    }

    private static SignedNote signedBy(TestKey key, Checkpoint checkpoint) {
        try {
            return NoteSigner.sign(checkpoint, key);
        } catch (SigningException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Keys out of their time: the log rotated twice, and somebody goes on with a key that is not in force. */
    private static void rotated(Draft draft) {
        LogFixture replaced = Logs.rotations(draft.seed(), 0);
        TestKey rightful = replaced.signing().get(0);
        replaced.signingWith(replaced.attestKey()).apply(Logs.PROD, 7, 8);
        replaced.signingWith(rightful).heads();
        draft.resealed(
                NAME + "in which a thief signs with a key that was replaced",
                FixtureExport.of(replaced).whole(),
                Expected.refused("signatures", "unknown-key"));
        LogFixture thief = Logs.small(draft.seed(), 0);
        TestKey stolen = thief.rotateAttestKey().signing().get(0);
        thief.apply(Logs.PROD, 4, 5).rotateAttestKey().apply(Logs.PROD, 5, 6);
        thief.revoke(stolen, 5).heads();
        draft.resealed(
                NAME + "in which a thief signed after the entry that the revocation names",
                FixtureExport.of(thief).whole(),
                Expected.refused("signatures", "suspect"));
        revokedTwice(draft);
        LogFixture forged = Logs.rotations(draft.seed(), 0);
        forged.forgeRotation(forged.signing().get(0)).apply(Logs.PROD, 7, 8).heads();
        draft.resealed(
                NAME + "with a key event that the attest key signed and not the authority",
                FixtureExport.of(forged).whole(),
                Expected.refused("key-events", "bad-key-event"));
        LogFixture early = Logs.small(draft.seed(), 0);
        TestKey next = Logs.small(draft.seed(), 0)
                .apply(Logs.PROD, 4, 5)
                .rotateAttestKey()
                .signing()
                .get(0);
        early.signingWith(next).apply(Logs.PROD, 4, 5).signingWith(early.attestKey());
        early.rotateAttestKey().heads();
        draft.resealed(
                NAME + "whose new key signed before it was in force",
                FixtureExport.of(early).whole(),
                Expected.refused("signatures", "unknown-key"));
        LogFixture head = Logs.rotations(draft.seed(), 0);
        Digest root = Digest.fromBase64(head.checkpoint(head.size()).text().split("\n")[2]);
        Checkpoint newest = new Checkpoint(head.log().origin(), head.size(), root);
        draft.resealed(
                NAME + "whose head is signed by a log key that was replaced",
                FixtureExport.under(head, signedBy(head.logKey(), newest)).whole(),
                Expected.refused("checkpoint", "bad-checkpoint"));
        stolenLogKey(draft);
        LogFixture revoked = Logs.small(draft.seed(), 0);
        revoked.revoke(revoked.ingestKey(), 99).heads();
        BundleBytes shown = FixtureExport.of(revoked).whole();
        for (String name : shown.names("key-events/")) {
            shown = shown.without(name);
        }
        draft.resealed(
                NAME + "shown whole and without key-events, although it revokes a key",
                shown,
                Expected.refused("key-events", "key-event-hidden"));
    }

    /** The thief's entries stay suspect, whatever is said of the key once more; the other way round they become so. */
    private static void revokedTwice(Draft draft) {
        for (long[] each : new long[][] {{5, -1}, {5, 99}, {-1, 5}, {99, 5}, {99, -1}}) {
            LogFixture thief = Logs.small(draft.seed(), 0);
            TestKey stolen = thief.rotateAttestKey().signing().get(0);
            thief.apply(Logs.PROD, 4, 5).rotateAttestKey().apply(Logs.PROD, 5, 6);
            thief.revoke(stolen, each[0]).revoke(stolen, each[1]).heads();
            boolean suspect = each[0] == 5 || each[1] == 5;
            draft.resealed(
                    NAME + "that revokes a key twice, compromised from " + entry(each[0]) + " and then from "
                            + entry(each[1]),
                    FixtureExport.of(thief).whole(),
                    suspect ? Expected.refused("signatures", "suspect") : Expected.unproven(""));
        }
    }

    private static String entry(long index) {
        return index < 0 ? "no entry" : "entry " + index;
    }

    /** A head by the log key that its own newest entry withdraws, and older checkpoints by a key that was withdrawn. */
    private static void stolenLogKey(Draft draft) {
        for (int from = 3; from <= 5; from++) {
            LogFixture stolen = Logs.small(draft.seed(), 0);
            stolen.revoke(stolen.logKey(), from);
            draft.resealed(
                    NAME + "whose head of size 5 is by a log key compromised from entry " + from,
                    FixtureExport.of(stolen).whole(),
                    from < 5 ? Expected.refused("checkpoint", "suspect") : Expected.unproven(""));
        }
        LogFixture replaced = Logs.rotations(draft.seed(), 0);
        replaced.revoke(replaced.logKey(), 5).heads();
        draft.resealed(
                NAME + "that continues a checkpoint by a log key withdrawn since",
                FixtureExport.of(replaced).from(8).whole(),
                draft.base().asked().continuing(replaced.checkpoint(8).bytes()),
                Expected.unproven(""));
        draft.resealed(
                NAME + "that does not continue a checkpoint by a log key withdrawn since",
                FixtureExport.of(replaced).from(8).whole(),
                draft.base()
                        .asked()
                        .continuing(
                                Logs.rotations(draft.seed(), 1).checkpoint(8).bytes()),
                Expected.refused("requests", "two-histories"));
    }
}
