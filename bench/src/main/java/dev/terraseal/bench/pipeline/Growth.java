package dev.terraseal.bench.pipeline;

import dev.terraseal.bench.BenchReport;
import dev.terraseal.bench.BenchReport.Also;
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
 * up for an event must not grow with the log, and of what is kept only the index of ids may.
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

    private record Point(int entries, double micros, double perSecond, long heap) {}

    /** The cost of an event in each stretch, beside that in the stretch that ends at a hundred thousand entries. */
    BenchReport to(int entries, String signing) throws IOException, InterruptedException {
        List<Point> points = new ArrayList<>();
        int at = 0;
        for (int next : POINTS) {
            if (next <= entries) {
                Point point = grow(at, next);
                points.add(point);
                at = next;
                talk.printf(
                        "bench pipeline: at %,d entries: %.0f µs of processor time an event, %,.0f/s, %,.1f MB of live heap%n",
                        next, point.micros(), point.perSecond(), point.heap() / 1e6);
            }
        }
        Point usual = points.stream()
                .filter(point -> point.entries() == 100_000)
                .findFirst()
                .orElse(points.get(points.size() - 1));
        List<Round> rounds = new ArrayList<>();
        List<Also> also = new ArrayList<>();
        for (Point point : points) {
            rounds.add(new Round("up to " + point.entries() + " entries", point.micros(), usual.micros()));
            also.add(new Also("live heap of the stack at " + point.entries(), "MB", point.heap() / 1e6, ""));
        }
        if (points.size() > 1) {
            Point last = points.get(points.size() - 1);
            Point before = points.get(points.size() - 2);
            also.add(new Also(
                    "live heap an entry more, over the last stretch",
                    "bytes",
                    (last.heap() - before.heap()) / (double) (last.entries() - before.entries()),
                    "the index of ids, at most 64; before it caches fill up too"));
        }
        return BenchReport.of("pipeline --signing " + signing + " --grow", "µs an event", rounds, also);
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
        return new Point(to, micros, perSecond, up.liveHeap());
    }
}
