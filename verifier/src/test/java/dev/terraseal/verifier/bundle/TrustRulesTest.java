package dev.terraseal.verifier.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.mutation.Base;
import dev.terraseal.testkit.mutation.Catalogue;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.TrustFile;
import dev.terraseal.verifier.verdict.Verdict;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a trust file asks for beyond the genesis. */
class TrustRulesTest {
    /** When both witnesses of the fixture cosigned. */
    private static final Instant COSIGNED = Instant.parse("2026-11-22T01:03:00Z");

    private final Base cosigned = base("cosigned");

    private static Base base(String name) {
        return Catalogue.of(20261122L, 1).only(name).bases().get(0);
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

    @Test
    void tokensThatCannotBeCheckedAreNeverCalledValid() throws IOException {
        String named = "\"timeAuthorities\":[{\"policy\":\"1.2.3\",\"root\":\"-----BEGIN CERTIFICATE-----\\n"
                + "AA==\\n"
                + "-----END CERTIFICATE-----\\n"
                + "\"}]";
        assertThat(with(named, COSIGNED).code()).isEqualTo(4);

        BundleBytes stamped = cosigned.bundle()
                .with("timestamps/4/tsa-20261122T010300Z.tsr", "a token")
                .sealedBy(cosigned.fixture().exportKey());
        String trust = Objects.requireNonNull(cosigned.asked().trustFile()).utf8();
        assertThat(verify(stamped, trust, COSIGNED).layers())
                .anyMatch(layer -> layer.detail().equals("not checked: 1 tokens"));
        assertThat(verify(stamped, trust.replace("\"format\":1", "\"format\":1," + named), COSIGNED)
                        .code())
                .isEqualTo(3);
    }
}
