package dev.terraseal.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.simulation.invariants.Invariants;
import dev.terraseal.simulation.planted.Planted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * {@code -Dterraseal.seed=N} runs one seed alone, {@code -Dterraseal.seeds=N} and {@code -Dterraseal.from=N} others than
 * the first 5,000.
 */
class SimulationTest {
    private static final long SEEDS = Long.getLong("terraseal.seeds", 5_000);
    private static final long FROM = Long.getLong("terraseal.from", 1);
    private static final Long ONE = Long.getLong("terraseal.seed");
    private static final int AIMED_MAX = 100;
    private static final int UNTIL_FOUND = 2_000;

    private final Runs runs = new Runs();

    /** What all runs of one test come to. */
    private static final class Sum {
        private final Coverage coverage = new Coverage();
        private final Map<String, Integer> stops = new TreeMap<>();
        private final List<String> violated = new ArrayList<>();
        private long seeds;
        private long steps;
        private long entries;
    }

    private void run(long seed, Sum sum) {
        World world = runs.world(seed);
        try {
            world.run();
        } catch (Violation violation) {
            sum.violated.add("-Dterraseal.seed=" + seed + " violates " + violation.getMessage());
        }
        sum.seeds++;
        sum.steps += world.steps();
        sum.entries += world.entries();
        sum.coverage.add(world.coverage());
        world.stops().forEach((kind, count) -> sum.stops.merge(kind, count, Integer::sum));
    }

    @Test
    void everySeedKeepsEveryInvariantAfterEveryEvent() {
        long from = ONE == null ? FROM : ONE;
        long to = ONE == null ? FROM + SEEDS - 1 : ONE;
        Sum sum = new Sum();
        for (long seed = from; seed <= to; seed++) {
            run(seed, sum);
        }
        boolean whole = SEEDS >= 5_000 && ONE == null;
        if (whole) {
            // Chance leaves a few cells empty: for each of them as many seeds more as it takes.
            for (Temper.Cell cell : sum.coverage.empty()) {
                for (int n = 0; n < AIMED_MAX && !sum.coverage.has(cell); n++) {
                    run(Temper.aimed(cell, n), sum);
                }
            }
        }
        System.out.printf(
                "simulation: %d seeds from %d on, %d events, %d entries archived, %d calls went wrong, %d crashes inside of one, %d violations%n",
                sum.seeds,
                from,
                sum.steps,
                sum.entries,
                sum.coverage.faults(),
                sum.coverage.crashes(),
                sum.violated.size());
        System.out.println(sum.coverage.table());
        System.out.println("processes that ended by themselves:");
        sum.stops.forEach((kind, count) -> System.out.printf("%7d  %s%n", count, kind));
        assertThat(sum.violated).isEmpty();
        assertThat(sum.stops.keySet())
                .as("ends that a stage has a sentence for")
                .allMatch(Stops::foreseen);
        if (whole) {
            assertThat(sum.coverage.empty())
                    .as("cells of the table that can occur and did not")
                    .isEmpty();
        }
    }

    @TestFactory
    Stream<DynamicTest> everyPlantedBugIsFound() {
        if (ONE != null) {
            return Stream.empty();
        }
        return Planted.all().stream()
                .map(planted -> DynamicTest.dynamicTest(planted.name(), () -> requireFound(planted)));
    }

    /** By the invariant it is planted for, which looks alone: no other may do its work. */
    private void requireFound(Planted planted) {
        int tried = 0;
        for (long seed = 1; seed <= UNTIL_FOUND; seed++) {
            if (planted.needs().met(Temper.of(seed).damage() == Temper.Damage.ROLLBACK)) {
                tried++;
                List<Invariant> one = Invariants.all().stream()
                        .filter(invariant -> invariant.name().equals(planted.by()))
                        .toList();
                try {
                    runs.world(seed, planted.defect().get(), one).run();
                } catch (Violation violation) {
                    if (violation.invariant().equals(planted.by())) {
                        System.out.printf(
                                "planted: %-62s found by '%s' after %d seeds (-Dterraseal.seed=%d)%n",
                                planted.name(), planted.by(), tried, seed);
                        return;
                    }
                }
            }
        }
        throw new AssertionError(planted.name() + " was not found by " + tried + " seeds");
    }

    @Test
    void noInvariantIsWithoutAPlantedBug() {
        assertThat(Planted.all())
                .extracting(Planted::by)
                .containsAll(Invariants.all().stream().map(Invariant::name).toList());
    }

    @Test
    void aSeedIsTheSameRunWhateverRanBefore() {
        for (long seed : new long[] {3, 11, 7, 16, 4}) {
            World first = new Runs().world(seed);
            first.run();
            World again = runs.world(seed);
            again.run();
            assertThat(again.trace()).as("seed %d", seed).isEqualTo(first.trace());
        }
    }

    @Test
    void productionKnowsNothingOfTheSimulation() throws IOException {
        Path root = Path.of(System.getProperty("maven.multiModuleProjectDirectory", ".."));
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            List<Path> sources = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/main/java/"))
                    .filter(file -> !file.toString().contains("/testkit/"))
                    .toList();
            assertThat(sources).hasSizeGreaterThan(300);
            for (Path source : sources) {
                String text = Files.readString(source);
                for (String word : List.of("simulat", "terraseal.seed", "isTest", "underTest")) {
                    if (text.toLowerCase(java.util.Locale.ROOT).contains(word)) {
                        found.add(root.relativize(source) + " says '" + word + "'");
                    }
                }
            }
        }
        assertThat(found).as("branches for the simulation in production code").isEmpty();
    }
}
