package dev.terraseal.bench.sequencer;

import dev.terraseal.bench.BenchReport;
import dev.terraseal.bench.BenchReport.Also;
import dev.terraseal.bench.BenchReport.Round;
import dev.terraseal.bench.sequencer.BenchEvents.Kind;
import dev.terraseal.sequencer.SequencerProgress;
import dev.terraseal.sequencer.SequencerService;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/**
 * Pairs of runs, copy and sequencer in turn, over one filled topic for each rate of duplicates. The broker is a process
 * of its own; both sides run in this one, in turn, with equal client settings.
 */
public final class SequencerRounds {
    /** The shares of events sent again that are measured, in percent. */
    public static final List<Integer> DUPLICATES = List.of(0, 1, 50);

    private static final int WARM_UP_LEAST = 4;
    private static final int WARM_UP_MOST = 12;
    /** Share of a pair's time the compilers may still work when measuring begins. */
    private static final double COMPILING = 0.1;

    private static final int LATENCY_PAIRS = 3;
    private static final int LATENCY_SECONDS = 6;
    private static final long SEED = 4711;

    private final boolean raw;
    private final int rounds;
    private final int events;
    private final List<Integer> duplicates;
    private final Duration copyCommit;
    private final PrintStream talk;
    private final List<Also> also = new ArrayList<>();
    private String heap = "";
    private double perId;
    /** Processor time an event of the rounds at hand. */
    private final List<Double> copyCosts = new ArrayList<>();

    private final List<Double> ownCosts = new ArrayList<>();

    /**
     * @param duplicates shares of events sent again, in percent; the first is the one the answer is about
     * @param copyCommit how long the copy's transactions are
     */
    public SequencerRounds(
            boolean raw, int rounds, int events, List<Integer> duplicates, Duration copyCommit, PrintStream talk) {
        this.raw = raw;
        this.rounds = rounds;
        this.events = events;
        this.duplicates = List.copyOf(duplicates);
        this.copyCommit = copyCommit;
        this.talk = talk;
    }

    /** Some minutes. */
    public BenchReport run() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("terraseal-bench-");
        BenchLog log = BenchLog.make(new SecureRandom());
        try (BenchBroker broker = BenchBroker.start(directory.resolve("broker"));
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            return run(new Stage(broker, admin, directory, log, copyCommit), log);
        } finally {
            deleteTree(directory);
        }
    }

    private BenchReport run(Stage stage, BenchLog log) throws IOException, InterruptedException {
        warmUp(stage, events(log, 50));
        List<Round> all = new ArrayList<>();
        for (int rate : duplicates) {
            String name = rate + " % duplicates";
            List<Round> found = pairs(stage, events(log, rate), name, rounds, events);
            all.addAll(found);
            BenchReport summary = BenchReport.of("", "", found, List.of());
            also.add(new Also(name, "ratio", summary.ratio(), spread(found)));
            also.add(new Also(
                    name + ", processor time an event",
                    "µs",
                    cost(ownCosts),
                    "copy " + String.format("%.1f", cost(copyCosts)) + ", broker and clients"));
        }
        also.add(new Also("heap held by the index per accepted id", "bytes", perId, heap));
        if (!raw) {
            all.addAll(verified(stage, log));
            all.addAll(latency(stage, log));
        }
        return BenchReport.of(raw ? "sequencer --raw" : "sequencer", "events/s", all, also);
    }

    private BenchEvents events(BenchLog log, int percentDuplicates) {
        Kind kind = raw ? Kind.RAW : Kind.CLAIMED;
        return new BenchEvents(
                kind,
                percentDuplicates / 100.0,
                SEED,
                log.ingest(),
                log.declaration().genesis());
    }

    /** Pairs until the compilers of this process and of the broker's have little left to do: cold code is 2 to 6 times slower. */
    private void warmUp(Stage stage, BenchEvents made) throws IOException, InterruptedException {
        String topic = "warm-up";
        stage.fill(topic, made, events);
        double compiling = 1;
        for (int i = 0; i < WARM_UP_LEAST || i < WARM_UP_MOST && compiling > COMPILING; i++) {
            long begun = System.nanoTime();
            Effort before = stage.broker().effort();
            double ratio = pair(stage, topic, i, events, "warm-up").ratio();
            compiling = stage.broker().effort().since(before).compilerMillis() * 1e6 / (System.nanoTime() - begun);
            talk.println(String.format(
                    "  warm-up %d: ratio %.2f, compiling %.0f %% of a processor", i + 1, ratio, 100 * compiling));
        }
        stage.delete(List.of(topic));
    }

    private static String spread(List<Round> rounds) {
        List<Double> ratios = rounds.stream().map(Round::ratio).sorted().toList();
        return String.format(
                "%.2f to %.2f, %,.0f against %,.0f events/s",
                ratios.get(0),
                ratios.get(ratios.size() - 1),
                BenchReport.median(rounds.stream().map(Round::value).toList()),
                BenchReport.median(rounds.stream().map(Round::reference).toList()));
    }

    private List<Round> pairs(Stage stage, BenchEvents made, String name, int count, int events)
            throws IOException, InterruptedException {
        String topic = "events-" + name.replaceAll("[^0-9a-z]+", "");
        long bytes = stage.fill(topic, made, events);
        talk.println(name + ": " + events + " events of " + bytes + " bytes on average");
        List<Round> found = new ArrayList<>();
        copyCosts.clear();
        ownCosts.clear();
        for (int i = 0; i < count; i++) {
            Round round = pair(stage, topic, i, events, name);
            talk.println(String.format(
                    "  round %d: copy %,.0f/s, sequencer %,.0f/s, ratio %.2f",
                    i + 1, round.reference(), round.value(), round.ratio()));
            found.add(round);
        }
        stage.delete(List.of(topic));
        return found;
    }

    /** Which side goes first changes with every pair. */
    private Round pair(Stage stage, String topic, int number, int events, String name)
            throws IOException, InterruptedException {
        double reference = 0;
        double rate = 0;
        for (int side = 0; side < 2; side++) {
            if ((side == 0) == (number % 2 == 0)) {
                reference = measure(stage, stage.copy(topic, 0), topic, events, copyCosts);
            } else {
                rate = measure(stage, stage.sequencer(topic, raw), topic, events, ownCosts);
            }
        }
        return new Round(name, rate, reference);
    }

    private double measure(Stage stage, Stage.Running running, String topic, int events, List<Double> costs)
            throws IOException, InterruptedException {
        Throughput.Run run = Throughput.measure(stage, running.group(), new TopicPartition(topic, 0), events);
        costs.add(run.microsEach());
        if (running.runner() instanceof SequencerService service) {
            SequencerProgress progress = service.progress();
            perId = progress.idBytes() / (double) Math.max(1, progress.ids());
            heap = "with " + progress.ids() + " ids";
        }
        stage.stop(running);
        return run.rate();
    }

    private static double cost(List<Double> each) {
        return BenchReport.median(each);
    }

    private List<Round> verified(Stage stage, BenchLog log) throws IOException, InterruptedException {
        BenchEvents made = new BenchEvents(
                Kind.VERIFIED, 0, SEED, log.ingest(), log.declaration().genesis());
        double bare = VerifyRate.measure(log.ingest());
        int pairs = Math.max(1, rounds / 3);
        List<Round> found = pairs(stage, made, "verified identities", pairs, Math.max(10_000, events / 5));
        double rate = BenchReport.median(found.stream().map(Round::value).toList());
        also.add(new Also("verified identities", "events/s", rate, spread(found)));
        also.add(new Also(
                "bare Ed25519 verify of the provider, one thread",
                "per second",
                bare,
                "ratio " + String.format("%.2f", rate / bare)));
        return found;
    }

    private List<Round> latency(Stage stage, BenchLog log) throws IOException, InterruptedException {
        List<Round> found = new ArrayList<>();
        for (int i = -1; i < LATENCY_PAIRS; i++) {
            double reference = latency(stage, log, false, i);
            double value = latency(stage, log, true, i);
            talk.println(String.format(
                    "  latency %s: copy p50 %.1f ms, sequencer p50 %.1f ms",
                    i < 0 ? "warm-up" : i + 1, reference, value));
            if (i >= 0) {
                found.add(new Round("p50 at 500/s, 20 ms commits, in ms", value, reference));
            }
        }
        BenchReport summary = BenchReport.of("", "", found, List.of());
        also.add(new Also(
                "p50 at 500/s, 20 ms commits",
                "ms",
                summary.value(),
                "copy " + String.format("%.1f ms, ratio %.2f (at most 1.25)", summary.reference(), summary.ratio())));
        return found;
    }

    private double latency(Stage stage, BenchLog log, boolean sequencer, int round)
            throws IOException, InterruptedException {
        String topic = "latency-" + sequencer + (round + 1);
        stage.create(topic, true);
        Stage.Running running = sequencer ? stage.sequencer(topic, false) : stage.copy(topic, 0);
        if (running.runner() instanceof SequencerService service && !service.awaitReady(Duration.ofSeconds(60))) {
            throw new IllegalStateException("the sequencer was not ready within 60 s");
        }
        BenchEvents made = new BenchEvents(
                Kind.CLAIMED, 0, SEED, log.ingest(), log.declaration().genesis());
        double median = Latency.median(stage, topic, running.output(), made, LATENCY_SECONDS);
        stage.stop(running);
        stage.delete(List.of(topic));
        return median;
    }

    private static void deleteTree(Path root) {
        try (Stream<Path> all = Files.walk(root)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException("clearing " + root, e);
        }
    }
}
