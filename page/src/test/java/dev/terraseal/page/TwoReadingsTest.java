package dev.terraseal.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.page.browser.Chromium;
import dev.terraseal.page.browser.Tab;
import dev.terraseal.testkit.mutation.Base;
import dev.terraseal.testkit.mutation.Mutation;
import dev.terraseal.testkit.mutation.TwoReadings;
import dev.terraseal.verifier.bundle.JavaAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the page and the Java verifier once parted, both give the answer that docs/formats.md gives. */
class TwoReadingsTest {
    private static final long SEED = Long.getLong("terraseal.seed", 20261129L);

    @TempDir
    private Path scratch;

    @Test
    void bothReadThemAlike() throws IOException, InterruptedException {
        TwoReadings readings = TwoReadings.of(SEED);
        List<String> wrong = new ArrayList<>();
        try (Chromium browser = Chromium.start()) {
            Path page = scratch.resolve("verify.html");
            Files.write(page, VerifyPage.bytes());
            JavaAnswer java = new JavaAnswer(scratch);
            try (Tab tab = browser.open(page)) {
                PageVerifier verifier = new PageVerifier(tab, readings.bases());
                for (Mutation mutation : readings.mutations()) {
                    PageVerifier.Answer answer = verifier.to(List.of(mutation)).get(0);
                    String other = java.to(mutation.content(), mutation.asked());
                    boolean right = PageVerifier.isAsExpected(answer.text(), mutation.expected())
                            && PageVerifier.isAsExpected(other, mutation.expected())
                            && answer.notProven().contains(mutation.expected().notProven());
                    if (!right) {
                        wrong.add(mutation + ": the page says " + answer.text() + " (" + answer.message()
                                + "), Java says " + other + ", expected is " + mutation.expected());
                    }
                }
            }
        }
        assertThat(wrong).as("seed %s", SEED).isEmpty();
        assertThat(readings.bases().stream().map(Base::name)).doesNotHaveDuplicates();
    }

    /** What an auditor who gave a seed waits for (docs/for-auditors.md), from either verifier. */
    @Test
    void aSampleThatIsTheOneDrawnIsProvenByTheVeryLineThatAuditorsAreTold() throws IOException, InterruptedException {
        TwoReadings readings = TwoReadings.of(SEED);
        Mutation drawn = readings.mutations().stream()
                .filter(mutation -> mutation.name().equals("the text of the draw it is"))
                .findFirst()
                .orElseThrow();
        try (Chromium browser = Chromium.start()) {
            Path page = scratch.resolve("verify.html");
            Files.write(page, VerifyPage.bytes());
            try (Tab tab = browser.open(page)) {
                PageVerifier.Answer answer = new PageVerifier(tab, readings.bases())
                        .to(List.of(drawn))
                        .get(0);
                List<String> said = new JavaAnswer(scratch).proven(drawn.content(), drawn.asked());
                assertThat(answer.proven())
                        .filteredOn(line -> line.contains("sample"))
                        .isEqualTo(said.stream()
                                .filter(line -> line.contains("sample"))
                                .toList())
                        .singleElement()
                        .asString()
                        .matches("the sample is the one that seed [0-9]+ draws from entries 0–5");
                assertThat(answer.notProven()).doesNotContain("selection is complete");
            }
        }
    }
}
