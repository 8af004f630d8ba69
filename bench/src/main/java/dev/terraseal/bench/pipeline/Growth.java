package dev.terraseal.bench.pipeline;

import dev.terraseal.bench.BenchReport;
import dev.terraseal.bench.BenchReport.Also;
import dev.terraseal.bench.BenchReport.Headline;
import dev.terraseal.bench.BenchReport.Round;
import dev.terraseal.kafka.Topics;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.kafka.clients.producer.Producer;

/**
 * One log that grows: what an event costs and what the stack keeps in memory, from ten thousand entries on. What is looked
 * up for an event must not grow with the log, and of what is kept only the ids of accepted events may.
 */
final class Growth {
    static final int FROM = 10_000;
    private static final List<Integer> POINTS =
            List.of(FROM, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000);
    private static final int AT_ONCE = 10_000;
    private static final long LIMIT_NANOS = Duration.ofMinutes(4).toNanos();

    private final UpProcess up;
    private final Producer<byte[], byte[]> producer;
    private final Times times;
    private final IntFunction<byte[][]> make;
    private final PrintStream talk;

    Growth(UpProcess up, Producer<byte[], byte[]> producer, Times times, IntFunction<byte[][]> make, PrintStream talk) {
        this.up = up;
        this.producer = producer;
        this.times = times;
        this.make = make;
        this.talk = talk;
    }

    /**
     * What was found at one size.
     *
     * @param micros processor time of an event since the size before
     * @param heap what is alive in it, all of the stack
     * @param sequencerIds of that the ids of accepted events in the sequencer, bytes
     * @param ingestIds of that the ids of accepted events in ingest, bytes
     */
    record Point(int entries, double micros, double perSecond, long heap, long sequencerIds, long ingestIds) {
        long others() {
            return heap - sequencerIds - ingestIds;
        }
    }

    /** Where the log is looked at: the sizes of every run below {@code entries}, and that one. */
    static List<Integer> points(int entries) {
        List<Integer> points =
                new ArrayList<>(POINTS.stream().filter(point -> point < entries).toList());
        points.add(entries);
        return points;
    }

    BenchReport to(int entries, String signing) throws IOException, InterruptedException {
        List<Point> points = new ArrayList<>();
        int at = 0;
        for (int next : points(entries)) {
            Point point = grow(at, next);
            points.add(point);
            at = next;
            talk.printf(
                    "bench pipeline: at %,d entries: %.0f µs of processor time an event, %,.0f/s, %,.1f MB of live heap,"
                            + " of it ids in the sequencer %,.1f, in ingest %,.1f%n",
                    next,
                    point.micros(),
                    point.perSecond(),
                    point.heap() / 1e6,
                    point.sequencerIds() / 1e6,
                    point.ingestIds() / 1e6);
        }
        return report(signing, points);
    }

    /** The cost of an event in each stretch, beside that in the stretch that ends at a hundred thousand entries. */
    static BenchReport report(String signing, List<Point> points) {
        Point last = points.get(points.size() - 1);
        Point usual = points.stream()
                .filter(point -> point.entries() == 100_000)
                .findFirst()
                .orElse(last);
        List<Round> rounds = new ArrayList<>();
        List<Also> also = new ArrayList<>();
        for (Point point : points) {
            rounds.add(new Round("up to each size", point.micros(), usual.micros()));
            String at = " at " + point.entries();
            also.add(new Also("live heap of the stack" + at, "MB", point.heap() / 1e6, ""));
            also.add(new Also("of it ids in the sequencer" + at, "MB", point.sequencerIds() / 1e6, ""));
            also.add(new Also("of it ids in ingest" + at, "MB", point.ingestIds() / 1e6, ""));
        }
        if (points.size() > 1) {
            slope(also, points.get(0), last);
        }
        if (points.size() > 2) {
            slope(also, points.get(points.size() - 2), last);
        }
        also.add(new Also(
                "ids in the sequencer, an entry",
                "bytes",
                last.sequencerIds() / (double) last.entries(),
                "at most 64"));
        Headline headline = new Headline(
                "up to " + last.entries() + " entries",
                last.micros(),
                usual.micros(),
                last.micros() / usual.micros(),
                "the last stretch beside the one up to " + usual.entries());
        return new BenchReport("pipeline --signing " + signing + " --grow", "µs an event", headline, rounds, also);
    }

    /** What an entry more takes between two sizes, and how much of that is no id: caches that fill, or a leak. */
    private static void slope(List<Also> also, Point from, Point to) {
        String between = ", from " + from.entries() + " to " + to.entries();
        double entries = to.entries() - from.entries();
        also.add(new Also(
                "live heap an entry more" + between, "bytes", (to.heap() - from.heap()) / entries, "all of the stack"));
        also.add(new Also(
                "of it no ids" + between, "bytes", (to.others() - from.others()) / entries, "0 once caches are full"));
    }

    private Point grow(int from, int to) throws IOException, InterruptedException {
        Duration before = up.processor();
        long began = System.nanoTime();
        long making = 0;
        Load.Sent sent = null;
        for (int at = from; at < to; at += AT_ONCE) {
            long begun = System.nanoTime();
            byte[][] values = make.apply(Math.min(AT_ONCE, to - at));
            making += System.nanoTime() - begun;
            sent = Load.send(producer, Topics.EVENTS, values, 0, times::accepted);
            // Never far ahead of the stack, or the backlog would be what is measured.
            times.awaitCovered(sent.from(), System.nanoTime() + LIMIT_NANOS);
        }
        if (sent == null) {
            throw new IllegalArgumentException("nothing to grow by from " + from + " to " + to);
        }
        times.awaitCovered(sent.to() - 1, System.nanoTime() + LIMIT_NANOS);
        double micros = up.processor().minus(before).toNanos() / 1e3 / (to - from);
        double perSecond = (to - from) * 1e9 / (System.nanoTime() - began - making);
        return new Point(
                to,
                micros,
                perSecond,
                up.liveHeap(),
                up.gauge("terraseal_sequencer_ids_bytes"),
                up.gauge("terraseal_ingest_known_ids_bytes"));
    }
}
