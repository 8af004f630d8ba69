package dev.terraseal.verifier.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.testkit.keys.RememberingChecker;
import dev.terraseal.testkit.mutation.Base;
import dev.terraseal.testkit.mutation.Buried;
import dev.terraseal.testkit.mutation.Catalogue;
import dev.terraseal.testkit.mutation.LeftOut;
import dev.terraseal.testkit.mutation.Mutation;
import dev.terraseal.testkit.mutation.ShardedSelection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LeftOutTest {
    private static final long SEED = Long.getLong("terraseal.seed", 20261129L);

    private final CatalogueJudge judge = new CatalogueJudge(new RememberingChecker(), Set.of(), Path.of("."));

    @Test
    void aStreamWithoutItsFirstAMiddleItsLastOrAllOfItsEntriesIsRefused() {
        List<Mutation> left = LeftOut.ofAStream(SEED);
        assertThat(left)
                .extracting(Mutation::name)
                .containsExactly("its first entry", "a middle entry", "its last entry", "all of its entries");
        for (Mutation mutation : left) {
            assertThat(judge.ask(mutation).code()).as(mutation.name()).isEqualTo(4);
            assertThat(judge.problem(mutation)).isEmpty();
        }
    }

    @Test
    void aRevocationThatIsLeftOutIsMissed() {
        for (Mutation mutation : LeftOut.aRevocation(SEED)) {
            assertThat(judge.ask(mutation).code()).as(mutation.name()).isEqualTo(4);
            assertThat(judge.problem(mutation)).isEmpty();
        }
    }

    @Test
    void aRevocationBehindAnOlderHeadsEntryIsMissedOrTheVerdictSaysUpToWhereItKnows() {
        List<Mutation> left = LeftOut.behindAnOlderHeads(SEED);
        assertThat(left).extracting(judge::problem).containsOnly("");
        assertThat(left).filteredOn(mutation -> mutation.expected().code() == 4).hasSize(4);
    }

    @Test
    void noFailureIsBuriedUnderFindingsAboutTheWorld() {
        assertThat(Buried.all(SEED)).hasSize(8).extracting(judge::problem).containsOnly("");
    }

    @Test
    void aBundleInShardsHoldsAndEveryMutationOfItIsRefused() throws IOException {
        Base sharded = Catalogue.sharded(SEED);
        assertThat(judge.ask(sharded.bundle(), sharded.asked()).code()).isZero();
        List<String> wrong = new ArrayList<>();
        List<Mutation> mutations = Catalogue.ofShards(sharded, SEED);
        for (Mutation mutation : mutations) {
            String problem = judge.problem(mutation);
            if (!problem.isEmpty()) {
                wrong.add(problem);
            }
        }
        assertThat(wrong).as("seed %s, %s mutations", SEED, mutations.size()).isEmpty();
        assertThat(mutations).hasSizeGreaterThan(60);
    }

    @Test
    void aSelectionInShardsHoldsAndWhatIsWrongWithItsSignaturesIsSaidOfThem() throws IOException {
        Base sharded = Catalogue.shardedSelection(SEED);
        assertThat(judge.ask(sharded.bundle(), sharded.asked()).code()).isZero();
        assertThat(Catalogue.ofShardedSelection(sharded, SEED))
                .isNotEmpty()
                .extracting(judge::problem)
                .containsOnly("");
    }

    @Test
    void aSelectionInShardsHoldsAndIsHeldToWhereEachBeginsAndEnds() throws IOException {
        ShardedSelection selection = ShardedSelection.of(SEED);
        assertThat(judge.ask(selection.base().bundle(), selection.base().asked())
                        .code())
                .isZero();
        assertThat(selection.mutations()).hasSize(5).extracting(judge::problem).containsOnly("");
    }
}
