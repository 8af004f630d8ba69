package dev.terraseal.bench.pipeline;

import dev.terraseal.bench.BenchReport;
import dev.terraseal.bench.BenchReport.Also;
import dev.terraseal.bench.BenchReport.Headline;
import dev.terraseal.bench.BenchReport.Round;
import dev.terraseal.bench.Trees;
import dev.terraseal.bench.sequencer.BenchEvents;
import dev.terraseal.bench.sequencer.BenchLog;
import dev.terraseal.bench.sequencer.Effort;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.Topics;
import dev.terraseal.schemas.TopicSchemas;
import dev.terraseal.schemas.registry.RegistryClient;
import dev.terraseal.schemas.registry.SchemaRefusedException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * {@code terraseal up} under load: warm-up, a flood as fast as it is taken, an even pace, and the time to a signed
 * attestation at 500 a second beside a two-hop copy on the same broker.
 */
public final class PipelineRounds {
    /** The size at which {@code --grow} first looks at a log. */
    public static final int GROWS_FROM = Growth.FROM;

    private static final int WARM_UP = 40_000;
    private static final int LATENCY_RATE = 500;
    private static final int LATENCY_SECONDS = 6;
    private static final int LATENCY_ROUNDS = 3;
    private static final long SEED = 4711;
    private static final long SECOND = 1_000_000_000L;
    private static final long LIMIT_NANOS = Duration.ofMinutes(4).toNanos();
    /** Seconds of the pace that do not count: what the flood left is still being compiled and collected. */
    private static final int SETTLING = 3;

    private final Options options;
    private final PrintStream talk;
    private final List<Also> also = new ArrayList<>();
    private final BenchEvents events;

    /**
     * What is asked.
     *
     * @param rate events a second at the even pace
     * @param grow entries to which the log is grown instead of all else, 0 for not
     * @param record where to keep a flight recording of the stack, null for none
     */
    public record Options(
            String signing,
            int rate,
            int seconds,
            int flood,
            int grow,
            @Nullable String record) {}

    public PipelineRounds(Options options, PrintStream talk) {
        this.options = options;
        this.talk = talk;
        BenchLog log = BenchLog.make(new SecureRandom());
        this.events = new BenchEvents(
                BenchEvents.Kind.CLAIMED,
                0,
                SEED,
                log.ingest(),
                log.declaration().genesis());
    }

    /** Two minutes with the defaults. */
    public BenchReport run() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("terraseal-bench-pipeline");
        try (UpProcess up = UpProcess.start(directory.resolve("data"), options.signing(), options.record())) {
            requireSchema(up);
            KafkaConnection kafka = new KafkaConnection(up.kafka(), Map.of());
            if (options.grow() > 0) {
                return grow(up, kafka);
            }
            int paced = options.rate() * (options.seconds() + SETTLING);
            int latency = LATENCY_ROUNDS * LATENCY_RATE * LATENCY_SECONDS;
            int warmUp = Math.min(WARM_UP, options.flood());
            Times times = new Times(warmUp + options.flood() + paced + 2 * latency + 1_000);
            List<Round> rounds = new ArrayList<>();
            Headline sustained;
            try (Watcher watcher = new Watcher(kafka, times);
                    Producer<byte[], byte[]> producer = Load.producer(up.kafka())) {
                watcher.start();
                flood(up, producer, times, warmUp, "warm-up");
                double most = flood(up, producer, times, options.flood(), "flood");
                also.add(new Also(
                        "the most, offered as fast as taken", "per second", most, options.flood() + " events"));
                sustained = pace(up, producer, times, paced, rounds);
                rounds.addAll(latency(kafka, producer, times));
            }
            return new BenchReport(
                    "pipeline --signing " + options.signing(), "attestations/s", sustained, rounds, also);
        } finally {
            Trees.delete(directory);
        }
    }

    private BenchReport grow(UpProcess up, KafkaConnection kafka) throws IOException, InterruptedException {
        // The stack sends some events of its own, for the heads of its streams.
        Times times = new Times(options.grow() + options.grow() / 10 + 1_000);
        try (Watcher watcher = new Watcher(kafka, times);
                Producer<byte[], byte[]> producer = Load.producer(up.kafka())) {
            watcher.start();
            return new Growth(up, producer, times, this::make, talk).to(options.grow(), options.signing());
        }
    }

    /** The registry of a new log gives the event schema the id it has in what was made here. */
    private static void requireSchema(UpProcess up) throws IOException {
        try {
            int id = new RegistryClient(up.registry(), null)
                    .register(TopicSchemas.EVENT.subject("terraseal"), TopicSchemas.EVENT.text());
            if (id != BenchEvents.SCHEMA) {
                throw new IOException("the registry calls the event schema " + id + ", not " + BenchEvents.SCHEMA);
            }
        } catch (SchemaRefusedException refused) {
            throw new IOException("the registry refuses the event schema", refused);
        }
    }

    private byte[][] make(int count) {
        byte[][] values = new byte[count][];
        for (int i = 0; i < count; i++) {
            values[i] = events.next();
        }
        return values;
    }

    private double flood(UpProcess up, Producer<byte[], byte[]> producer, Times times, int count, String name)
            throws InterruptedException {
        byte[][] values = make(count);
        Duration stack = up.processor();
        Effort own = Effort.here();
        Load.Sent sent = Load.send(producer, Topics.EVENTS, values, 0, times::accepted);
        times.awaitCovered(sent.to() - 1, System.nanoTime() + LIMIT_NANOS);
        double seconds = (times.coveredAt(sent.to() - 1) - sent.begunNanos()) / 1e9;
        double signedIn = (times.attestedAt(sent.to() - 1) - sent.begunNanos()) / 1e9;
        double micros = up.processor().minus(stack).toNanos() / 1e3 / count;
        talk.printf(
                "bench pipeline: %s: %,d events, signed %,.0f/s, under checkpoints %,.0f/s; processors: stack %.0f µs an"
                        + " event, load %.0f%n",
                name,
                count,
                count / signedIn,
                count / seconds,
                micros,
                Effort.here().since(own).processorNanos() / 1e3 / count);
        if (!name.equals("warm-up")) {
            also.add(new Also("of these, signed", "per second", count / signedIn, ""));
            also.add(new Also("processor time an event, the stack", "µs", micros, "flood"));
        }
        return count / seconds;
    }

    private Headline pace(UpProcess up, Producer<byte[], byte[]> producer, Times times, int count, List<Round> rounds)
            throws InterruptedException {
        byte[][] values = make(count);
        Duration stack = up.processor();
        Effort own = Effort.here();
        long began = System.nanoTime();
        Load.Sent sent = Load.send(producer, Topics.EVENTS, values, options.rate(), times::accepted);
        double seconds = (System.nanoTime() - began) / 1e9;
        double stackShare = up.processor().minus(stack).toNanos() / 1e9 / seconds;
        double loadShare = Effort.here().since(own).processorNanos() / 1e9 / seconds;
        times.awaitCovered(sent.to() - 1, System.nanoTime() + LIMIT_NANOS);
        long from = sent.from() + (long) options.rate() * SETTLING;
        double[] signed = times.millis(from, sent.to(), false);
        double[] covered = times.millis(from, sent.to(), true);
        String at = "at " + options.rate() + "/s";
        also.add(new Also("accept to signed, p50 " + at, "ms", Times.quantile(signed, 0.5), ""));
        also.add(new Also("accept to signed, p99 " + at, "ms", Times.quantile(signed, 0.99), ""));
        also.add(new Also("accept to checkpoint, p50 " + at, "ms", Times.quantile(covered, 0.5), ""));
        also.add(new Also(
                "accept to checkpoint, p99 " + at, "ms", Times.quantile(covered, 0.99), "at most 1100 at 3000/s each"));
        also.add(new Also("processors busy, the stack with its broker", "cores", stackShare, at));
        also.add(new Also("processors busy, load and subscriber", "cores", loadShare, "shares the machine"));
        talk.printf(
                "bench pipeline: %s: to signed p50 %.0f p99 %.0f ms, to checkpoint p50 %.0f p99 %.0f ms; cores: stack"
                        + " %.2f, load %.2f%n",
                at,
                Times.quantile(signed, 0.5),
                Times.quantile(signed, 0.99),
                Times.quantile(covered, 0.5),
                Times.quantile(covered, 0.99),
                stackShare,
                loadShare);
        rounds.addAll(seconds(times, sent));
        return sustained(times, sent);
    }

    /** All that came under a checkpoint in the time that counts, and how far behind it was when that began and ended. */
    private Headline sustained(Times times, Load.Sent sent) {
        long begin = sent.begunNanos() + SETTLING * SECOND;
        Sustained found = Sustained.of(times, sent, options.rate(), begin, begin + options.seconds() * SECOND);
        also.add(new Also("due and under no checkpoint yet, at the begin", "events", found.behindAtBegin(), ""));
        also.add(new Also(
                "due and under no checkpoint yet, at the end",
                "events",
                found.behindAtEnd(),
                found.holds() ? "sustained" : "not sustained"));
        talk.printf(
                "bench pipeline: offered %,d/s for %d s: accepted %,.0f/s, under checkpoints %,.0f/s, %s%n",
                options.rate(), options.seconds(), found.accepted(), found.covered(), found.words());
        return new Headline(
                options.signing() + ", beside what is offered",
                found.covered(),
                found.offered(),
                found.covered() / found.offered(),
                "in all " + options.seconds() + " s, " + found.words());
    }

    /** What was accepted in each second, and what came under a checkpoint in it. */
    private List<Round> seconds(Times times, Load.Sent sent) {
        int[] accepted = new int[options.seconds() + SETTLING];
        int[] covered = new int[accepted.length];
        for (long offset = sent.from(); offset < sent.to(); offset++) {
            if (!times.isOfTheLoad(offset)) {
                continue;
            }
            count(accepted, times.acceptedAt(offset) - sent.begunNanos());
            count(covered, times.coveredAt(offset) - sent.begunNanos());
        }
        List<Round> rounds = new ArrayList<>();
        for (int second = SETTLING; second < accepted.length; second++) {
            rounds.add(new Round(options.signing() + ", a second", covered[second], Math.max(1, accepted[second])));
        }
        return rounds;
    }

    private static void count(int[] perSecond, long nanos) {
        int second = (int) (nanos / SECOND);
        if (second < perSecond.length) {
            perSecond[second]++;
        }
    }

    private List<Round> latency(KafkaConnection kafka, Producer<byte[], byte[]> producer, Times times)
            throws InterruptedException {
        List<Round> found = new ArrayList<>();
        int skipped = LATENCY_RATE;
        for (int round = 0; round < LATENCY_ROUNDS; round++) {
            byte[][] values = make(LATENCY_RATE * LATENCY_SECONDS);
            double[] copy = TwoHops.millis(kafka, "copy-" + round, values, LATENCY_RATE, skipped);
            Load.Sent sent = Load.send(producer, Topics.EVENTS, make(values.length), LATENCY_RATE, times::accepted);
            times.awaitCovered(sent.to() - 1, System.nanoTime() + LIMIT_NANOS);
            double[] own = times.millis(sent.from() + skipped, sent.to(), false);
            found.add(new Round(
                    "accept to signed, p50 at " + LATENCY_RATE + "/s, in ms, beside two hops",
                    Times.quantile(own, 0.5),
                    Times.quantile(copy, 0.5)));
            talk.printf(
                    "bench pipeline: at %d/s: accept to signed p50 %.1f ms, two hops %.1f ms%n",
                    LATENCY_RATE, Times.quantile(own, 0.5), Times.quantile(copy, 0.5));
        }
        return found;
    }
}
