package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.testkit.log.LogFixture;
import java.util.List;

/** The logs whose bundles are broken. */
final class Logs {
    static final String ORIGIN = "terraseal.local/e07c41d2";
    static final String PROD = "acme/infra/prod";
    static final String DEV = "acme/infra/dev";

    private Logs() {}

    /**
     * Fifteen entries with everything a log can hold: two streams, a rotation (entry 4), a batch (6 to 8), a verified
     * identity and a seen checkpoint (9), a revocation (10), heads entries at 3, 11 and 14. {@code turn} makes another
     * history from entry 1 on.
     */
    static LogFixture story(long seed, long turn) {
        LogFixture log = LogFixture.seeded(ORIGIN, seed);
        log.apply(PROD, 1, 2).apply(PROD, 2, 3 + turn).apply(DEV, 1, 2).heads();
        log.rotateAttestKey().apply(PROD, 3 + turn, 4 + turn).batch(DEV, 3);
        log.append(identified(log)).revokeFirstAttestKey(99).heads();
        log.apply(PROD, 4 + turn, 5 + turn).apply(DEV, 2, 3 + turn).heads();
        return log;
    }

    /** Four entries by one key, and nothing else. */
    static LogFixture small(long seed, long turn) {
        LogFixture log = LogFixture.seeded(ORIGIN, seed);
        return log.apply(PROD, 1, 2)
                .apply(PROD, 2, 3 + turn)
                .apply(PROD, 3 + turn, 4)
                .heads();
    }

    /** Seven entries, signed under two algorithms from entry 2 on, and checkpoints from entry 3 on. */
    static LogFixture twice(long seed, long turn) {
        LogFixture log = LogFixture.seeded(ORIGIN, seed);
        log.apply(PROD, 1, 2).addSecondKey(KeyUse.ATTEST).addSecondKey(KeyUse.LOG);
        return log.apply(PROD, 2, 3 + turn).batch(DEV, 2).heads();
    }

    /**
     * Eighteen entries over three rotations of the attest key (entry 4, entry 7 to RSA, which says where it lives, and entry 15
     * to ML-DSA), one of the log key (9) and the revocation of the first attest key from where it was retired (11); heads
     * entries at 3, 12, 14, 17.
     */
    static LogFixture rotations(long seed, long turn) {
        LogFixture log = LogFixture.seeded(ORIGIN, seed);
        log.apply(PROD, 1, 2).apply(PROD, 2, 3 + turn).apply(DEV, 1, 2).heads();
        log.rotateAttestKey().apply(PROD, 3 + turn, 4).apply(DEV, 2, 3);
        log.rotateAttestKey(Algorithm.RSASSA_PSS_SHA_256).apply(PROD, 4, 5).rotateLogKey();
        return log.apply(PROD, 5, 6)
                .revokeFirstAttestKey(5)
                .heads()
                .apply(DEV, 3, 4)
                .heads()
                .rotateAttestKey(Algorithm.ML_DSA_65)
                .apply(PROD, 6, 7)
                .heads();
    }

    /**
     * Nine entries: three by the first attest key, a rotation (entry 4), and the revocation of that key (7) from entry 1 on,
     * long before it; heads entries at 3, 6 and 8.
     */
    static LogFixture withdrawn(long seed) {
        LogFixture log = LogFixture.seeded(ORIGIN, seed);
        log.apply(PROD, 1, 2).apply(PROD, 2, 3).apply(PROD, 3, 4).heads();
        log.rotateAttestKey().apply(PROD, 4, 5).heads();
        return log.revokeFirstAttestKey(1).heads();
    }

    /** Above 10,000 entries, so that artifacts lie in shards. */
    static LogFixture large(long seed) {
        LogFixture log = LogFixture.seeded(ORIGIN, seed);
        log.apply(PROD, 1, 2);
        return log.batch(DEV, 10_040).heads();
    }

    private static Event identified(LogFixture log) {
        Json.Obj digest = Json.obj().put("sha256", "ab".repeat(32)).build();
        Json.Arr subjects = Json.arr(
                List.of(Json.obj().put("name", "tfplan").put("digest", digest).build()));
        Json.Obj change = Json.obj()
                .put("ticket", "=HYPERLINK(\"http://evil.example\")</script>\u202e,\"\r\n")
                .build();
        Json.Obj body =
                Json.obj().put("outcome", "partial").put("change", change).build();
        Event plain = new Event(
                PredicateType.TERRAFORM_APPLY,
                new StreamId(PROD),
                new EventId("with-identity"),
                LogFixture.BEGIN,
                subjects.bytes(),
                body.bytes(),
                null,
                null,
                Bytes.fromHex("00112233445566778899aabbccddeeff"),
                seen(log));
        return new Event(
                plain.type(),
                plain.stream(),
                plain.id(),
                plain.occurredAt(),
                plain.subjects(),
                plain.body(),
                identity(log, plain.contentDigest()),
                null,
                plain.salt(),
                plain.seenCheckpoint());
    }

    private static Bytes seen(LogFixture log) {
        Bytes note = log.checkpoint(4).bytes();
        return Json.obj()
                .put("size", 4)
                .put("root", log.checkpoint(4).text().split("\n")[2])
                .put("noteSha256", Digest.of(note))
                .put("cosignatures", Json.arr(List.of()))
                .build()
                .bytes();
    }

    private static Bytes identity(LogFixture log, Digest content) {
        Json.Obj verified = Json.obj()
                .put("issuer", "https://ci.example")
                .put("subject", "repo:acme/infra")
                .build();
        Bytes payload = Json.obj()
                .put("contentSha256", content)
                .put("genesis", log.log().genesis())
                .put("verified", verified)
                .build()
                .bytes();
        Json.Obj by = Json.obj()
                .put("keyid", log.ingestKey().key().keyid().hex())
                .put(
                        "sig",
                        log.ingestKey()
                                .signOrFail(Dsse.pae(Dsse.IDENTITY, payload))
                                .base64())
                .build();
        return Json.obj()
                .put("verified", verified)
                .put("verifiedBy", by)
                .build()
                .bytes();
    }
}
