package dev.terraseal.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.page.browser.Chromium;
import dev.terraseal.page.browser.Tab;
import dev.terraseal.testkit.mutation.Catalogue;
import dev.terraseal.testkit.mutation.Mutation;
import dev.terraseal.testkit.mutation.ReviewedLogs;
import dev.terraseal.verifier.bundle.JavaAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the two verifiers once answered in two ways has one answer now. */
class ReviewedLogsTest {
    private static final long SEED = Long.getLong("terraseal.seed", 20261130L);

    @TempDir
    private Path scratch;

    @Test
    void bothRefuseEachInTheSameLayer() throws IOException, InterruptedException {
        Path page = scratch.resolve("verify.html");
        Files.write(page, VerifyPage.bytes());
        List<Mutation> all = ReviewedLogs.of(SEED);
        List<String> wrong = new ArrayList<>();
        try (Chromium browser = Chromium.start();
                Tab tab = browser.open(page)) {
            PageVerifier verifier = new PageVerifier(
                    tab, Catalogue.of(SEED, 1).only(ReviewedLogs.BASE).bases());
            List<PageVerifier.Answer> answers = verifier.to(all);
            JavaAnswer java = new JavaAnswer(scratch);
            for (int i = 0; i < all.size(); i++) {
                Mutation mutation = all.get(i);
                String ours = answers.get(i).text();
                String others = java.to(mutation.content(), mutation.asked());
                if (!ours.equals(others) || !PageVerifier.isAsExpected(ours, mutation.expected())) {
                    wrong.add(mutation.name() + ": the page says " + ours + " ("
                            + answers.get(i).message() + "), Java says " + others + ", expected is "
                            + mutation.expected());
                }
            }
        }
        assertThat(wrong).as("seed %s", SEED).isEmpty();
    }
}
