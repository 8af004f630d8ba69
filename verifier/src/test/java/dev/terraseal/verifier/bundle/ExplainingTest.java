package dev.terraseal.verifier.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.Trust;
import dev.terraseal.verifier.verdict.Finding;
import dev.terraseal.verifier.verdict.FindingName;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a changed file differs is looked for as long as there is effort left for all of them together. */
class ExplainingTest {
    private static final int FILES = 30;
    /** Of a thousand bytes the one in the middle is found by hashing about four million. */
    private static final long FOR_THREE = 12_000_000;

    private final LogFixture fixture = LogFixture.small();

    /** Thirty documents sealed, and one bit of each changed afterwards. */
    private BundleBytes changed() {
        BundleBytes bundle = FixtureExport.of(fixture).whole();
        for (int i = 0; i < FILES; i++) {
            bundle = bundle.with("docs/" + i + ".txt", "x".repeat(1000) + i);
        }
        bundle = bundle.sealedBy(fixture.exportKey());
        for (int i = 0; i < FILES; i++) {
            bundle = bundle.with("docs/" + i + ".txt", "x".repeat(500) + "y" + "x".repeat(499) + i);
        }
        return bundle;
    }

    private List<Finding> found(long effort) throws IOException {
        Question question =
                Question.under(Trust.byGenesis(fixture.log().genesis())).listingAll();
        return new BundleVerification(new MemoryFiles(changed()), question, new SignatureChecker(null), effort)
                .run().findings().stream()
                        .filter(finding -> finding.name() == FindingName.HASH_MISMATCH)
                        .toList();
    }

    private static long explained(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.details().toString().contains("first difference at byte 500"))
                .count();
    }

    @Test
    void allAreNamedAndTheFirstAreExplained() throws IOException {
        List<Finding> few = found(FOR_THREE);
        assertThat(few).hasSize(FILES);
        assertThat(explained(few)).isBetween(1L, 6L);
        assertThat(few.get(FILES - 1).details()).isEmpty();
    }

    @Test
    void withEffortForAllTheyAllAre() throws IOException {
        assertThat(explained(found(20 * FOR_THREE))).isEqualTo(FILES);
    }
}
