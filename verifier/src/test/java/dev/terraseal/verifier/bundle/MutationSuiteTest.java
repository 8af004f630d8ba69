package dev.terraseal.verifier.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.testkit.keys.RememberingChecker;
import dev.terraseal.testkit.mutation.Base;
import dev.terraseal.testkit.mutation.Catalogue;
import dev.terraseal.testkit.mutation.Mutation;
import dev.terraseal.testkit.mutation.TwoReadings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole catalogue against the verifier. */
class MutationSuiteTest {
    private static final long SEED = Long.getLong("terraseal.seed", 20261122L);
    private static final int WEIGHT = Integer.getInteger("terraseal.mutations.weight", 3);

    private final SignatureChecker checker = new RememberingChecker();

    @TempDir
    private Path scratch;

    @Test
    void everyBaseHoldsBeforeItIsBroken() throws IOException {
        CatalogueJudge judge = new CatalogueJudge(checker, Set.of(), scratch);
        for (Base base : Catalogue.of(SEED, 1).bases()) {
            Verdict verdict = judge.ask(base.bundle(), base.asked());
            assertThat(verdict.code())
                    .as("%s: %s", base.name(), verdict.findings())
                    .isZero();
        }
    }

    @Test
    void everyMutationIsRefusedByItsLayerWithTheRightFinding() throws IOException {
        CatalogueJudge judge = new CatalogueJudge(checker, Set.of(), scratch);
        Table table = new Table();
        List<String> wrong = new ArrayList<>();
        for (Mutation mutation : Catalogue.of(SEED, WEIGHT)) {
            String problem = judge.problem(mutation);
            table.count(mutation, problem.isEmpty());
            if (!problem.isEmpty()) {
                wrong.add(problem);
            }
        }
        table.write();
        Files.write(Path.of("target/mutations-wrong.txt"), wrong);
        assertThat(wrong.subList(0, Math.min(60, wrong.size())))
                .as("seed %s, %s answers are wrong", SEED, wrong.size())
                .isEmpty();
        assertThat(table.all()).as(table.text()).isGreaterThanOrEqualTo(20_000);
        assertThat(table.resealed()).as(table.text()).isGreaterThanOrEqualTo(table.all() / 3);
    }

    @Test
    void whatWasOnceReadInTwoWaysHasTheOneAnswerOfTheFormat() throws IOException {
        CatalogueJudge judge = new CatalogueJudge(checker, Set.of(), scratch);
        List<Mutation> all = TwoReadings.of(SEED).mutations();
        assertThat(all.stream().map(judge::problem).filter(problem -> !problem.isEmpty()))
                .isEmpty();
        assertThat(all).hasSizeGreaterThanOrEqualTo(100);
    }

    /** Layer × mutations × found. */
    private static final class Table {
        private final TreeMap<Integer, int[]> rows = new TreeMap<>();

        void count(Mutation mutation, boolean found) {
            int[] row = rows.computeIfAbsent(row(mutation.expected().layer()), any -> new int[4]);
            int at = mutation.resealed() ? 2 : 0;
            row[at]++;
            row[at + 1] += found ? 1 : 0;
        }

        private static int row(String layer) {
            for (Layer each : Layer.values()) {
                if (each.code().equals(layer)) {
                    return each.ordinal();
                }
            }
            return Layer.values().length;
        }

        int all() {
            return rows.values().stream().mapToInt(row -> row[0] + row[2]).sum();
        }

        int resealed() {
            return rows.values().stream().mapToInt(row -> row[2]).sum();
        }

        String text() {
            StringBuilder out = new StringBuilder("layer                as it is    found  resealed    found\n");
            rows.forEach((layer, row) -> {
                String name = layer == Layer.values().length ? "not proven" : Layer.values()[layer].code();
                out.append(String.format("%-20s %8d %8d  %8d %8d%n", name, row[0], row[1], row[2], row[3]));
            });
            return out.append(String.format("all %d, resealed %d, seed %d%n", all(), resealed(), SEED))
                    .toString();
        }

        void write() throws IOException {
            System.out.println(text());
            Path target = Path.of("target");
            Files.createDirectories(target);
            Files.writeString(target.resolve("mutations.txt"), text());
        }
    }
}
