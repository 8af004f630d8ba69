package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.NoteKeyId;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.testkit.log.BundleBytes;

/** What a reader has seen before, in forms that are a question with an answer, and proofs of it that are none. */
final class EarlierHeads {
    private static final int SIZE = 3;
    private static final Expected UNMET = Expected.refused("requests", "request-not-met");
    private static final Expected NO_PROOF = Expected.refused("checkpoint", "two-histories");

    private EarlierHeads() {}

    /** A note that no checkpoint of ours is, is a note still: the question is met or it is not, and is no wrong usage. */
    static void notes(Draft draft) {
        SignedNote own = draft.base().fixture().checkpoint(SIZE);
        SignatureLine stranger = line("x.example", 72);
        asking(draft, "with 63 strangers' lines", strangers(own, 63), Expected.unproven(""));
        asking(draft, "with 64 strangers' lines", strangers(own, 64), UNMET);
        asking(draft, "with 99 strangers' lines", strangers(own, 99), UNMET);
        asking(draft, "with two lines by one key", own.with(stranger).with(line("x.example", 76)), UNMET);
    }

    private static SignedNote strangers(SignedNote note, int count) {
        SignedNote more = note;
        for (int i = 0; i < count; i++) {
            more = more.with(line("x" + i + ".example", 76));
        }
        return more;
    }

    private static SignatureLine line(String name, int bytes) {
        return new SignatureLine(name, NoteKeyId.fromHex("00000000"), Bytes.wrap(new byte[bytes - 4]));
    }

    private static void asking(Draft draft, String what, SignedNote note, Expected expected) {
        draft.resealed(
                "the checkpoint to continue " + what,
                draft.bundle().with("README.txt", what),
                draft.base().asked().continuing(note.bytes()),
                expected);
    }

    /** Where the entries do not give the root of that size, the proof is read because it was asked for. */
    static void proofs(Draft draft) {
        Base base = draft.base();
        SignedNote older = base.fixture().checkpoint(SIZE);
        Json.Obj seen = Json.obj()
                .put("root", older.text().split("\n")[2])
                .put("size", SIZE)
                .build();
        Bytes trust = Bases.trust(base.fixture(), "lastSeen", seen);
        for (String junk : new String[] {"junk\n", "\n", "A".repeat(44) + "\n", "A".repeat(43) + "="}) {
            BundleBytes broken = draft.bundle().with("proofs/consistency/" + SIZE, junk);
            String what = "a proof of " + junk.replace("\n", "\\n");
            draft.resealed(what, broken, NO_PROOF);
            draft.resealed(what + " for --from-checkpoint", broken, base.asked().continuing(older.bytes()), NO_PROOF);
            draft.resealed(
                    what + " for the head last seen", broken, base.asked().trusting(trust), NO_PROOF);
        }
    }
}
