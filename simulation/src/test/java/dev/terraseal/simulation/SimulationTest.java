package dev.terraseal.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.terraseal.simulation.invariants.Invariants;
import dev.terraseal.simulation.planted.Planted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
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
    /** In small letters, as the text they are looked for in. */
    private static final List<String> BRANCHES = List.of("simulat", "terraseal.seed", "istest", "undertest");

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
            if (planted.needs().met(Temper.of(seed).damage() == Damage.ROLLBACK)) {
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

    /** Whatever ran before, wherever it runs: {@code Map.of} has another order in each process, and texts in each country. */
    @Test
    void aSeedIsTheSameRunInAnotherProcess() throws IOException {
        List<String> seeds = List.of("3", "11", "7", "16", "4");
        List<String> here = new ArrayList<>();
        for (String seed : seeds) {
            World world = runs.world(Long.parseLong(seed));
            world.run();
            here.add(seed + " " + world.trace());
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-Duser.timezone=Asia/Kolkata",
                "-Duser.language=tr",
                "-Duser.country=TR",
                "-cp",
                System.getProperty("java.class.path"),
                TraceOf.class.getName()));
        List<String> others = new ArrayList<>(seeds);
        Collections.reverse(others);
        command.addAll(others);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String there = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(there.lines()).as("traces of the same seeds").containsExactlyInAnyOrderElementsOf(here);
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
                branches(Files.readString(source))
                        .forEach(word -> found.add(root.relativize(source) + " says '" + word + "'"));
            }
        }
        assertThat(found).as("branches for the simulation in production code").isEmpty();
    }

    private static List<String> branches(String source) {
        String text = source.toLowerCase(Locale.ROOT);
        return BRANCHES.stream().filter(text::contains).toList();
    }

    @Test
    void aBranchForTheSimulationWouldBeFound() {
        assertThat(branches("if (Settings.isTest()) {")).containsExactly("istest");
        assertThat(branches("private final boolean underTest;")).containsExactly("undertest");
        assertThat(branches("Long.getLong(\"terraseal.seed\")")).containsExactly("terraseal.seed");
        assertThat(branches("new SimulatedClock()")).containsExactly("simulat");
    }

    /** What {@code build/simulate.sh} begins with, now and in the next century; and the last seeds there are. */
    @Test
    void everySeedThatIsAskedForMakesAWorld() {
        for (long seed :
                new long[] {0, 20_788_000_000L, LocalDate.of(2199, 12, 31).toEpochDay() * 1_000_000}) {
            assertThatCode(() -> runs.world(seed)).as("seed %d", seed).doesNotThrowAnyException();
        }
        Temper.Cell cell = new Temper.Cell(Call.ARCHIVER_NAMES, Fault.CRASH_AFTER, Step.PLANT);
        assertThatCode(() -> runs.world(Temper.aimed(cell, 999))).doesNotThrowAnyException();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Temper.of(Long.MAX_VALUE))
                .withMessageContaining("there is no run of seed");
    }
}
