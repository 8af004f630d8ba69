package dev.terraseal.verifier.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.testkit.keys.RememberingChecker;
import dev.terraseal.testkit.mutation.Catalogue;
import dev.terraseal.testkit.mutation.Mutation;
import dev.terraseal.verifier.verdict.Layer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each layer is switched off in turn: the suite has to turn red for that layer, and for no other. */
class LayersMatterTest {
    private static final long SEED = Long.getLong("terraseal.seed", 20261122L);
    private static final int OF_EACH_LAYER = 60;

    @TempDir
    private Path scratch;

    private final SignatureChecker checker = new RememberingChecker();

    /** Some mutations of each layer, drawn by the seed. */
    private static List<Mutation> sample() {
        List<Mutation> always = new ArrayList<>();
        TreeMap<String, List<Mutation>> byLayer = new TreeMap<>();
        for (Mutation mutation : Catalogue.of(SEED, 1).only("small", "filter", "stream", "range", "cosigned")) {
            if (mutation.name().startsWith("a log ")) {
                // Where a log itself went wrong, every layer but one holds: these are always among them.
                always.add(mutation);
            } else if (mutation.expected().code() == 4) {
                byLayer.computeIfAbsent(mutation.expected().layer(), any -> new ArrayList<>())
                        .add(mutation);
            }
        }
        Random random = new Random(SEED);
        List<Mutation> sample = new ArrayList<>(always);
        for (List<Mutation> all : byLayer.values()) {
            java.util.Collections.shuffle(all, random);
            sample.addAll(all.subList(0, Math.min(OF_EACH_LAYER, all.size())));
        }
        return sample;
    }

    @Test
    void aLayerThatIsSwitchedOffIsMissedByItsOwnMutationsAndNoOthers() {
        List<Mutation> sample = sample();
        Set<Layer> tried = EnumSet.noneOf(Layer.class);
        for (Layer off : Layer.values()) {
            CatalogueJudge judge = new CatalogueJudge(checker, Set.of(off), scratch);
            List<String> others = new ArrayList<>();
            int own = 0;
            int missed = 0;
            int accepted = 0;
            for (Mutation mutation : sample) {
                boolean red = !judge.problem(mutation).isEmpty();
                if (!mutation.expected().layer().equals(off.code())) {
                    if (red) {
                        others.add(mutation.toString());
                    }
                    continue;
                }
                own++;
                missed += red ? 1 : 0;
                accepted += judge.ask(mutation).code() == 0 ? 1 : 0;
            }
            assertThat(others)
                    .as("without %s, mutations of other layers (seed %s)", off.code(), SEED)
                    .isEmpty();
            assertThat(missed)
                    .as("without %s, its own mutations that turn red (seed %s)", off.code(), SEED)
                    .isEqualTo(own);
            if (own > 0) {
                tried.add(off);
                assertThat(accepted)
                        .as("without %s, something broken is accepted (seed %s)", off.code(), SEED)
                        .isPositive();
            }
        }
        // State continuity names findings about the world and refuses nothing; a bundle has no store to look at.
        assertThat(tried).isEqualTo(EnumSet.complementOf(EnumSet.of(Layer.CONTINUITY, Layer.VERSIONS, Layer.LOCKS)));
    }
}
