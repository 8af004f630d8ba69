package dev.terraseal.verifier.bundle;

import dev.terraseal.testkit.keys.RememberingChecker;
import dev.terraseal.testkit.mutation.Catalogue;
import dev.terraseal.testkit.mutation.Mutation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Asks the verifier it was loaded with about one base; called through a class loader of its own. */
public final class PlantedRun {
    private static final int ENOUGH = 3;

    private PlantedRun() {}

    /**
     * The first few mutations of a base that this verifier answers wrongly.
     *
     * @param layer whose mutations are asked about, or empty for all
     */
    public static List<String> disagreements(String base, String layer) throws IOException {
        Path scratch = Files.createTempDirectory("planted");
        try {
            CatalogueJudge judge = new CatalogueJudge(new RememberingChecker(), Set.of(), scratch);
            List<String> wrong = new ArrayList<>();
            for (Mutation mutation : Catalogue.of(20261122L, 1).only(base)) {
                if (!layer.isEmpty() && !mutation.expected().layer().equals(layer)) {
                    continue;
                }
                String problem = judge.problem(mutation);
                if (!problem.isEmpty() && wrong.size() < ENOUGH) {
                    wrong.add(problem);
                }
                if (wrong.size() == ENOUGH) {
                    return wrong;
                }
            }
            return wrong;
        } finally {
            Files.deleteIfExists(scratch.resolve("mutation.zip"));
            Files.deleteIfExists(scratch);
        }
    }
}
