package dev.terraseal.verifier.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.testkit.keys.RememberingChecker;
import dev.terraseal.testkit.mutation.Catalogue;
import dev.terraseal.testkit.mutation.Mutation;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each layer is switched off in turn: what it alone finds is accepted then, and all that others find is found still. */
class LayersMatterTest {
    private static final long SEED = Long.getLong("terraseal.seed", 20261122L);
    private static final int OF_EACH_LAYER = 60;

    /** By layer, bundle and mutation what nothing else in the verifier finds: a layer with nothing here would not matter. */
    private static final Map<Layer, Map<String, List<String>>> ITS_OWN = Map.ofEntries(
            Map.entry(
                    Layer.SEAL,
                    Map.of(
                            "small",
                            List.of("everything of SHA256SUMS.sig", "the same twice of SHA256SUMS.sig"),
                            "stream",
                            List.of("everything of SHA256SUMS.sig"))),
            Map.entry(
                    Layer.FILE_HASHES,
                    Map.of(
                            "small",
                            List.of("a stranger evil.html", "no README.txt", "a copy beside README.txt"),
                            "stream",
                            List.of("no README.txt"))),
            Map.entry(
                    Layer.DECLARATION,
                    Map.of(
                            "small",
                            List.of("a log that nobody asked for"),
                            "stream",
                            List.of("a log that nobody asked for"))),
            Map.entry(
                    Layer.CHAIN,
                    Map.of(
                            "small",
                            List.of("a log whose stream begins twice"),
                            "range",
                            List.of("an artifact beyond the last"))),
            Map.entry(
                    Layer.SIGNATURES,
                    Map.of(
                            "range",
                            List.of(
                                    "another key under the right name for entry 4",
                                    "no signature line for entry 4",
                                    "a batch that is not here for entry 4"))),
            Map.entry(
                    Layer.CHECKPOINT,
                    Map.of(
                            "small",
                            List.of(
                                    "a checkpoint signed by the ingest key under the log's name",
                                    "CRLF in checkpoint"))),
            Map.entry(
                    Layer.INCLUSION,
                    Map.of("stream", List.of("path 0 of entry 0", "a member twice in proofs/entries.jsonl"))),
            Map.entry(
                    Layer.STREAM_HEADS,
                    Map.of(
                            "stream",
                            List.of("a member twice in proofs/stream.json"),
                            "small",
                            List.of("a log whose heads entry leaves a stream out"))),
            Map.entry(
                    Layer.KEY_EVENTS,
                    Map.of("range", List.of("key events [4] left out", "key event 4 without its line"))),
            Map.entry(Layer.DERIVED, Map.of("small", List.of("https://terraseal.dev/heads/v1 -1 in manifest.json"))),
            Map.entry(Layer.TIME, Map.of("small", List.of("time-stamp tokens, asked for"))),
            Map.entry(
                    Layer.WITNESSES,
                    Map.of(
                            "cosigned",
                            List.of("byte 0 of the cosignature of witness 1", "one witness twice instead of two"))),
            Map.entry(
                    Layer.REQUESTS,
                    Map.of("small", List.of("a head of 5 entries", "the head last seen, of another history"))));

    @TempDir
    private Path scratch;

    private final SignatureChecker checker = new RememberingChecker();

    private static Catalogue catalogue() {
        return Catalogue.of(SEED, 1).only("small", "filter", "stream", "range", "cosigned");
    }

    /** Some mutations of each layer, drawn by the seed. */
    private static List<Mutation> sample() {
        List<Mutation> always = new ArrayList<>();
        TreeMap<String, List<Mutation>> byLayer = new TreeMap<>();
        for (Mutation mutation : catalogue()) {
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
    void aLayerThatIsSwitchedOffIsMissedByNoMutationsOfOthers() {
        List<Mutation> sample = sample();
        for (Layer off : Layer.values()) {
            CatalogueJudge judge = new CatalogueJudge(checker, Set.of(off), scratch);
            List<String> others = sample.stream()
                    .filter(mutation -> !mutation.expected().layer().equals(off.code()))
                    .map(judge::problem)
                    .filter(problem -> !problem.isEmpty())
                    .toList();
            assertThat(others)
                    .as("without %s, mutations of other layers (seed %s)", off.code(), SEED)
                    .isEmpty();
        }
    }

    @Test
    void whatALayerAloneFindsIsAcceptedWithoutIt() {
        // State continuity names findings about the world and refuses nothing; a bundle has no store to look at.
        assertThat(ITS_OWN.keySet())
                .isEqualTo(EnumSet.complementOf(EnumSet.of(Layer.CONTINUITY, Layer.VERSIONS, Layer.LOCKS)));
        List<Mutation> all = catalogue().stream().toList();
        CatalogueJudge whole = new CatalogueJudge(checker, Set.of(), scratch);
        ITS_OWN.forEach((layer, byBase) -> byBase.forEach((base, names) -> {
            CatalogueJudge without = new CatalogueJudge(checker, Set.of(layer), scratch);
            for (String name : names) {
                Mutation mutation = named(all, base, name);
                assertThat(mutation.expected().layer()).as(mutation.toString()).isEqualTo(layer.code());
                assertThat(whole.problem(mutation)).isEmpty();
                Verdict verdict = without.ask(mutation);
                assertThat(verdict.code())
                        .as("without %s, %s (seed %s): %s", layer.code(), mutation, SEED, verdict.findings())
                        .isZero();
            }
        }));
    }

    private static Mutation named(List<Mutation> all, String base, String name) {
        return all.stream()
                .filter(mutation ->
                        mutation.base().equals(base) && mutation.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the catalogue has no '" + name + "' of '" + base + "'"));
    }
}
