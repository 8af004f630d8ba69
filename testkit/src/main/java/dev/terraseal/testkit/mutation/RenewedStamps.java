package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.timestamp.TokenList;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.tsa.TestAuthority;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A bundle whose statements and tokens are signed on a curve that was broken since, and whose tokens were renewed under RSA
 * before; and what becomes of it without the renewal. Apart from the catalogue, because RSA keys take long to make.
 */
public final class RenewedStamps {
    private static final String MADE = "timestamps/renewed/20290101T000000Z/";
    private static final String LIST = MADE + "list";
    private static final String TOKEN = MADE + "rsa.example-20290101T000000Z.tsr";
    private static final Instant TIME = Instant.parse("2029-01-01T00:00:00Z");
    private static final Expected BROKEN = Expected.refused("signatures", "broken-algorithm");

    private final TestAuthority rsa = TestAuthority.rsa("rsa", 31);
    private final Base base;

    private RenewedStamps(long seed) {
        LogFixture log = Logs.small(seed, 0);
        BundleBytes stamped = TokenEdits.stamp(FixtureExport.of(log), 4).whole();
        String old = stamped.names("timestamps/4/").get(1);
        Bytes list = TokenList.of(Map.of(old, Digest.of(stamped.get(old))));
        BundleBytes renewed =
                stamped.with(LIST, list).with(TOKEN, rsa.stamp(list, TIME)).sealedBy(log.exportKey());
        Json.Arr roots = Json.arr(List.of(
                Json.obj().put("root", TokenEdits.trusted().rootPem()).build(),
                Json.obj().put("root", rsa.rootPem()).build()));
        Json.Obj broken = Json.obj()
                .put("algorithm", "ECDSA_SHA_256")
                .put("after", "2030-01-01T00:00:00.000Z")
                .build();
        Bytes trust = Json.obj()
                .put("format", 1)
                .put("origin", log.log().origin().value())
                .put("genesis", log.log().genesis())
                .put("timeAuthorities", roots)
                .put("brokenAlgorithms", Json.arr(List.of(broken)))
                .build()
                .bytes();
        this.base = new Base(
                "renewed",
                log,
                log,
                log,
                renewed,
                List.of(0, 1, 2, 3),
                Asked.under(log.log().genesis()).trusting(trust));
    }

    /** The bundle and its mutations. */
    public static RenewedStamps of(long seed) {
        return new RenewedStamps(seed);
    }

    public Base base() {
        return base;
    }

    public List<Mutation> mutations() {
        Draft draft = new Draft(base, 1, 1);
        BundleBytes whole = base.bundle();
        Bytes list = whole.get(LIST);
        draft.resealed("no renewal", whole.without(LIST).without(TOKEN), BROKEN);
        draft.resealed("no list", whole.without(LIST), BROKEN);
        draft.resealed("a list without a token", whole.without(TOKEN), BROKEN);
        String late = MADE + "rsa.example-20300101T000000Z.tsr";
        Bytes tooLate = rsa.stamp(list, Instant.parse("2030-01-01T00:00:00Z"));
        draft.resealed("a renewal too late", whole.without(TOKEN).with(late, tooLate), BROKEN);
        clocksBehind(draft, list);
        relisted(
                draft,
                "a list of another token",
                TokenList.of(Map.of("timestamps/4/tsa.example-20261122T020000Z.tsr", Digest.of(Bytes.utf8("x")))),
                BROKEN);
        relisted(
                draft,
                "another hash in the list",
                TokenList.of(Map.of(whole.names("timestamps/4/").get(1), Digest.of(Bytes.utf8("x")))),
                BROKEN);
        draft.resealed(
                "a renewal on the broken curve",
                whole.with(TOKEN, TokenEdits.trusted().stamp(list, TIME)),
                BROKEN);
        draft.resealed(
                "a list that was not stamped",
                whole.with(LIST, TokenList.of(Map.of(TOKEN, Digest.of(Bytes.EMPTY)))),
                BROKEN);
        return draft.mutations();
    }

    /** That a list was there before the curve was broken is all a renewal says, whatever the clocks of two authorities say. */
    private void clocksBehind(Draft draft, Bytes list) {
        BundleBytes bare = base.bundle().without(TOKEN);
        Expected holds = Expected.unproven("");
        for (String second : List.of("20261122T020400Z", "20261122T010400Z")) {
            Instant at = Instant.parse(second.replaceAll("(....)(..)(.....)(..)(..)Z", "$1-$2-$3:$4:$5Z"));
            String name = MADE + "rsa.example-" + second + ".tsr";
            draft.resealed("a renewal of " + second, bare.with(name, rsa.stamp(list, at)), holds);
        }
        String curve = MADE + "tsa.example-20290101T000000Z.tsr";
        Bytes onCurve = TokenEdits.trusted().stamp(list, TIME);
        Bytes again = TokenList.of(Map.of(curve, Digest.of(onCurve)));
        String before = "timestamps/renewed/20281231T000000Z/";
        Bytes token = rsa.stamp(again, Instant.parse("2028-12-31T00:00:00Z"));
        draft.resealed(
                "a renewal on the broken curve, renewed by a clock that is behind",
                bare.with(curve, onCurve)
                        .with(before + "list", again)
                        .with(before + "rsa.example-20281231T000000Z.tsr", token),
                holds);
    }

    private void relisted(Draft draft, String what, Bytes list, Expected expected) {
        draft.resealed(what, base.bundle().with(LIST, list).with(TOKEN, rsa.stamp(list, TIME)), expected);
    }
}
