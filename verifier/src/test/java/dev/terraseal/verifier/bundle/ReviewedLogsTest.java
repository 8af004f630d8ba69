package dev.terraseal.verifier.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.testkit.keys.RememberingChecker;
import dev.terraseal.testkit.mutation.Mutation;
import dev.terraseal.testkit.mutation.ReviewedLogs;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a review found this verifier to say yes to, or to break down over. */
class ReviewedLogsTest {
    private static final long SEED = Long.getLong("terraseal.seed", 20261130L);

    @Test
    void eachIsRefusedByItsLayer() {
        CatalogueJudge judge = new CatalogueJudge(new RememberingChecker(), Set.of(), Path.of("."));
        List<Mutation> all = ReviewedLogs.of(SEED);
        assertThat(all.stream().map(judge::problem).filter(problem -> !problem.isEmpty()))
                .as("seed %s", SEED)
                .isEmpty();
        assertThat(all).hasSizeGreaterThanOrEqualTo(20);
    }
}
