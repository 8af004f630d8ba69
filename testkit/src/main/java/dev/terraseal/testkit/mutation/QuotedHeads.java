package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A bundle with an entry (4) whose producer quotes a head that both witnesses of the trust file had cosigned. */
public final class QuotedHeads {
    private QuotedHeads() {}

    /** @param cosigned when the witnesses had seen the head that is quoted, by their clocks */
    public static Base cosignedAt(Instant cosigned, long seed) {
        LogFixture log = Logs.small(seed, 0);
        log.append(quoting(log.checkpoint(2), cosigned)).heads();
        BundleBytes bundle = FixtureExport.under(log, Bases.cosigned(log)).whole();
        return new Base(
                "quoting " + cosigned,
                log,
                log,
                log,
                bundle,
                List.of(0, 1, 2, 3, 4, 5),
                Asked.under(log.log().genesis()).trusting(Bases.trust(log, "witnesses", new Json.Str(Bases.policy()))));
    }

    private static Event quoting(SignedNote note, Instant cosigned) {
        Json.Obj digest = Json.obj().put("sha256", "cd".repeat(32)).build();
        Json.Obj subject =
                Json.obj().put("name", "tfplan").put("digest", digest).build();
        return new Event(
                PredicateType.TERRAFORM_APPLY,
                new StreamId(Logs.PROD),
                new EventId("quoting"),
                LogFixture.BEGIN,
                Json.arr(List.of(subject)).bytes(),
                Json.obj().put("outcome", "succeeded").build().bytes(),
                null,
                null,
                Bytes.fromHex("00112233445566778899aabbccddeeff"),
                Json.obj()
                        .put("size", 2)
                        .put("root", note.text().split("\n")[2])
                        .put("noteSha256", Digest.of(note.bytes()))
                        .put("cosignatures", Json.texts(cosignatures(note, cosigned)))
                        .build()
                        .bytes());
    }

    private static List<String> cosignatures(SignedNote note, Instant cosigned) {
        List<String> lines = new ArrayList<>();
        try {
            for (int i = 1; i <= 2; i++) {
                // The second saw it a second later: a quorum of both had by the first one's time.
                SignatureLine line = NoteSigner.cosign(
                        note.text(), Bases.witnessName(i), cosigned.plusSeconds(i - 1), Bases.witness(i));
                lines.add(line.text());
            }
        } catch (SigningException broken) {
            throw new IllegalStateException(broken);
        }
        return lines;
    }
}
