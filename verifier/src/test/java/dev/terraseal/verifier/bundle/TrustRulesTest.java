package dev.terraseal.verifier.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.testkit.keys.RememberingChecker;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.mutation.Base;
import dev.terraseal.testkit.mutation.Catalogue;
import dev.terraseal.testkit.mutation.Mutation;
import dev.terraseal.testkit.mutation.QuotedHeads;
import dev.terraseal.testkit.mutation.RenewedStamps;
import dev.terraseal.testkit.tsa.TestAuthority;
import dev.terraseal.verifier.time.Interval;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.TrustFile;
import dev.terraseal.verifier.verdict.Finding;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.LayerResult;
import dev.terraseal.verifier.verdict.Verdict;
import dev.terraseal.verifier.verdict.VerdictJson;
import dev.terraseal.verifier.verdict.VerdictText;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a trust file asks for beyond the genesis. */
class TrustRulesTest {
    /** When both witnesses of the fixture cosigned. */
    private static final Instant COSIGNED = Instant.parse("2026-11-22T01:03:00Z");

    private static final Catalogue CATALOGUE = Catalogue.of(20261122L, 1);

    private final Base cosigned = base("cosigned");

    private static Base base(String name) {
        return CATALOGUE.only(name).bases().get(0);
    }

    private static Verdict verify(BundleBytes bundle, String trust, Instant now) throws IOException {
        Question question = new Question(
                TrustFile.parse(Bytes.utf8(trust)),
                null,
                null,
                null,
                null,
                null,
                false,
                false,
                InstantSource.fixed(now));
        return new BundleVerification(new MemoryFiles(bundle), question, new RememberingChecker(), 0).run();
    }

    /** The fixture's trust file, which names two witnesses, with one demand more. */
    private Verdict with(String demand, Instant now) throws IOException {
        String trust = Objects.requireNonNull(cosigned.asked().trustFile()).utf8();
        return verify(cosigned.bundle(), trust.replace("\"format\":1", "\"format\":1," + demand), now);
    }

    @Test
    void witnessesSayHowOldTheHeadIs() throws IOException {
        Verdict fresh = with("\"maxHeadAgeSeconds\":60", COSIGNED.plusSeconds(60));
        assertThat(fresh.code()).as("%s", fresh.findings()).isZero();
        assertThat(fresh.facts().seenAt()).isEqualTo(COSIGNED.toString());
        assertThat(fresh.proven()).anyMatch(line -> line.contains("witnesses saw it last at " + COSIGNED));
        assertThat(with("\"maxHeadAgeSeconds\":60", COSIGNED.plusSeconds(61)).code())
                .isEqualTo(4);
    }

    @Test
    void aBrokenAlgorithmCountsForWhatWitnessesSawBefore() throws IOException {
        String broken = "\"brokenAlgorithms\":[{\"algorithm\":\"ECDSA_SHA_256\",\"after\":\"%s\"}]";
        assertThat(with(broken.formatted("2026-11-22T01:03:00.001Z"), COSIGNED).code())
                .isZero();
        assertThat(with(broken.formatted("2026-11-22T01:03:00.000Z"), COSIGNED).code())
                .isEqualTo(4);
        String ed25519 = broken.replace("ECDSA_SHA_256", "ED25519_SHA_512");
        assertThat(with(ed25519.formatted("2027-01-01T00:00:00.000Z"), COSIGNED).code())
                .as("a witness whose own algorithm is broken proves no time")
                .isEqualTo(4);
    }

    @Test
    void anIdentityVerifiedForSomebodyElseIsRefused() throws IOException {
        Base whole = base("whole");
        String trust = "{\"format\":1,\"origin\":\"%s\",\"genesis\":\"%s\",\"identityIssuers\":[\"%s\"]}";
        String origin = whole.fixture().log().origin().value();
        String genesis = whole.asked().genesis().hex();
        assertThat(verify(whole.bundle(), trust.formatted(origin, genesis, "https://ci.example"), COSIGNED)
                        .code())
                .isZero();
        Verdict other = verify(whole.bundle(), trust.formatted(origin, genesis, "https://other.example"), COSIGNED);
        assertThat(other.code()).isEqualTo(4);
        assertThat(CatalogueJudge.first(other).name().code()).isEqualTo("other-issuer");
    }

    /** The base with a trust file of its own, whose members end as given. */
    private static Verdict asked(Base base, String more) throws IOException {
        return verify(
                base.bundle(),
                "{\"format\":1,\"origin\":\"%s\",\"genesis\":\"%s\"%s}"
                        .formatted(base.fixture().log().origin(), base.asked().genesis(), more),
                COSIGNED);
    }

    @Test
    void tokensOfAuthoritiesNobodyNamedProveNoTime() throws IOException {
        Verdict unnamed = asked(base("stamped"), "");
        assertThat(unnamed.code()).as("%s", unnamed.findings()).isZero();
        assertThat(unnamed.layers())
                .anyMatch(layer -> layer.layer() == Layer.TIME
                        && layer.state() == LayerResult.State.NOT_COVERED
                        && layer.detail().startsWith("not trusted: 2 tokens by CN=tsa signer"));
        assertThat(unnamed.intervals()).isEmpty();
        assertThat(unnamed.notProven()).anyMatch(line -> line.startsWith("when anything happened"));
    }

    @Test
    void everyEntryHasAnInterval() throws IOException {
        Base stamped = base("stamped");
        Verdict verdict = verify(stamped.bundle(), trustOf(stamped), COSIGNED);
        assertThat(verdict.code()).as("%s", verdict.findings()).isZero();
        assertThat(verdict.intervals())
                .containsExactly(
                        new Interval(0, 1, null, Instant.parse("2026-11-22T02:02:00.250Z")),
                        new Interval(2, 3, null, Instant.parse("2026-11-22T02:04:00.250Z")));
        assertThat(VerdictText.lines(verdict))
                .anyMatch(line -> line.contains("2 tokens under CN=tsa root, up to entry 3; by the log's clock"))
                .contains("  entries 0–1: not before (unknown), not after 2026-11-22T02:02:00.250Z");
        assertThat(VerdictJson.bytes(verdict).utf8())
                .contains("\"intervals\":[{\"first\":0,\"last\":1,\"notAfter\":\"2026-11-22T02:02:00.250Z\"}");
    }

    @Test
    void aTokenKeepsWhatWasSignedBeforeItsAlgorithmBroke() throws IOException {
        Base stamped = base("stamped stream");
        String broken = "\"brokenAlgorithms\":[{\"algorithm\":\"ED25519_SHA_512\",\"after\":\"%s\"}],";
        String trust = trustOf(stamped);
        String later = trust.replaceFirst("\\{", "{" + broken.formatted("2026-11-22T02:20:00.000Z"));
        assertThat(verify(stamped.bundle(), later, COSIGNED).code()).isZero();
        String before = trust.replaceFirst("\\{", "{" + broken.formatted("2026-11-22T02:14:00.000Z"));
        Verdict tooLate = verify(stamped.bundle(), before, COSIGNED);
        assertThat(tooLate.code()).isEqualTo(4);
        assertThat(CatalogueJudge.first(tooLate).name()).isEqualTo(FindingName.BROKEN_ALGORITHM);
        String tokens = trust.replaceFirst(
                "\\{", "{" + broken.replace("ED25519_SHA_512", "ECDSA_SHA_256").formatted("2027-01-01T00:00:00.000Z"));
        assertThat(verify(stamped.bundle(), tokens, COSIGNED).code())
                .as("tokens whose own algorithm is broken prove no time")
                .isEqualTo(4);
    }

    @Test
    void anEntryIsYoungerThanTheCosignaturesItQuotes() throws IOException {
        Base base = QuotedHeads.cosignedAt(Instant.parse("2026-11-22T01:02:30Z"), 1);
        Verdict verdict = verify(base.bundle(), trustOf(base), COSIGNED);
        assertThat(verdict.code()).as("%s", verdict.findings()).isZero();
        assertThat(verdict.intervals())
                .containsExactly(new Interval(4, 5, Instant.parse("2026-11-22T01:02:30Z"), null));
        assertThat(verdict.findings()).isEmpty();
        assertThat(asked(base, "").intervals())
                .as("nobody named these witnesses")
                .isEmpty();
    }

    @Test
    void claimsOutsideTheIntervalAreNamedAndFailNothing() throws IOException {
        Base base = QuotedHeads.cosignedAt(Instant.parse("2026-11-22T01:20:00Z"), 1);
        Verdict verdict = verify(base.bundle(), trustOf(base), COSIGNED);
        assertThat(verdict.code()).isZero();
        assertThat(verdict.findings())
                .allMatch(finding -> finding.name() == FindingName.TIME_OUTSIDE)
                .extracting(finding -> finding.message())
                .containsExactly(
                        "entry 4 says it was received at 2026-11-22T01:02:04Z; it came after a head that witnesses saw at"
                                + " 2026-11-22T01:20:00Z",
                        "entry 4 says it occurred at 2026-11-22T01:02:00Z; it came after a head that witnesses saw at"
                                + " 2026-11-22T01:20:00Z",
                        "entry 5 says it was received at 2026-11-22T01:02:05Z; it came after a head that witnesses saw at"
                                + " 2026-11-22T01:20:00Z");
    }

    @Test
    void aRenewedTokenOutlivesItsAlgorithm() throws IOException {
        RenewedStamps renewed = RenewedStamps.of(3);
        Verdict whole = verify(renewed.base().bundle(), trustOf(renewed.base()), COSIGNED);
        assertThat(whole.code()).as("%s", whole.findings()).isZero();
        assertThat(whole.intervals()).hasSize(1);
        for (Mutation mutation : renewed.mutations()) {
            BundleBytes broken = ((Mutation.Files) mutation.content()).bundle();
            Verdict verdict = verify(broken, trustOf(renewed.base()), COSIGNED);
            assertThat(verdict.code())
                    .as("%s", mutation)
                    .isEqualTo(mutation.expected().code());
            if (verdict.code() == 0) {
                continue;
            }
            Finding first = CatalogueJudge.first(verdict);
            assertThat(first.layer().code())
                    .as("%s: %s", mutation, first)
                    .isEqualTo(mutation.expected().layer());
            assertThat(mutation.expected().findings()).contains(first.name().code());
        }
    }

    /** Entries 3 to 5 hold; the heads entry that closes key-events/ is there alone, and was signed by whoever forges ECDSA. */
    @Test
    void aRequiredSignatureIsRequiredOfKeyEventsThatAreShownNowhereElse() throws IOException {
        Base twice = base("signed twice");
        LogFixture log = twice.fixture();
        BundleBytes range =
                FixtureExport.under(log, log.headSignedTwice(COSIGNED)).range(3, 6);
        assertThat(verify(range, trustOf(twice), COSIGNED).code()).isZero();
        String file = "key-events/signatures.jsonl";
        List<String> lines = new ArrayList<>(range.lines(file));
        lines.set(2, lines.get(2).replaceFirst("(\"signatures\":\\[\\{[^}]*}),\\{[^}]*}", "$1"));
        BundleBytes forged = range.withLines(file, lines).sealedBy(log.exportKey());
        Finding first = CatalogueJudge.first(verify(forged, trustOf(twice), COSIGNED));
        assertThat(first.layer()).isEqualTo(Layer.KEY_EVENTS);
        assertThat(first.name()).isEqualTo(FindingName.UNSIGNED);
        assertThat(first.file()).isEqualTo("key-events/artifacts/00000000000000000006.json");
    }

    /** Entry 1, a key event, has the broken signature alone. The artifacts have another one beside it. */
    @Test
    void aKeyEventUnderABrokenAlgorithmCountsIfATokenIsOlder() throws IOException {
        Base twice = base("signed twice");
        LogFixture log = twice.fixture();
        TestAuthority authority = TestAuthority.rsa("tsa", 5);
        String trust = Json.obj()
                .put("format", 1)
                .put("origin", log.log().origin().value())
                .put("genesis", log.log().genesis())
                .put(
                        "brokenAlgorithms",
                        Json.arr(List.of(Json.obj()
                                .put("algorithm", "ECDSA_SHA_256")
                                .put("after", "2026-11-22T02:00:00.000Z")
                                .build())))
                .put(
                        "timeAuthorities",
                        Json.arr(List.of(
                                Json.obj().put("root", authority.rootPem()).build())))
                .build()
                .bytes()
                .utf8();
        BundleBytes older = stampedAt(log, authority, "20261122T010500Z", "2026-11-22T01:05:00Z");
        Verdict holds = verify(older, trust, COSIGNED);
        assertThat(holds.code()).as("%s", holds.findings()).isZero();
        BundleBytes younger = stampedAt(log, authority, "20261122T020500Z", "2026-11-22T02:05:00Z");
        Finding first = CatalogueJudge.first(verify(younger, trust, COSIGNED));
        assertThat(first.layer()).isEqualTo(Layer.KEY_EVENTS);
        assertThat(first.name()).isEqualTo(FindingName.BROKEN_ALGORITHM);
        assertThat(first.file()).isEqualTo("key-events/artifacts/00000000000000000001.json");
    }

    private static BundleBytes stampedAt(LogFixture log, TestAuthority authority, String name, String time) {
        return FixtureExport.under(log, log.headSignedTwice(COSIGNED))
                .stamped(7, "tsa-" + name, note -> authority.stamp(note, Instant.parse(time)))
                .range(3, 6);
    }

    private static String trustOf(Base base) {
        return Objects.requireNonNull(base.asked().trustFile()).utf8();
    }
}
