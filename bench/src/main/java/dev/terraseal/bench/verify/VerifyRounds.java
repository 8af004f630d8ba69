package dev.terraseal.bench.verify;

import dev.terraseal.bench.BenchReport;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.keys.SigningException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Paired rounds of floor and verification, each in a fresh process of at most 256 MB of heap, and the cold start. */
public final class VerifyRounds {
    private static final double SECOND = 1e9;

    private final int rounds;
    private final int entries;
    private final PrintStream err;
    private final Processes processes = new Processes();

    public VerifyRounds(int rounds, int entries, PrintStream err) {
        this.rounds = rounds;
        this.entries = entries;
        this.err = err;
    }

    public BenchReport run() throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("terraseal-bench-verify");
        try {
            processes.warmLauncher();
            List<BenchReport.Also> also = new ArrayList<>();
            List<BenchReport.Round> all = new ArrayList<>(measure(work, false, also));
            all.addAll(measure(work, true, also));
            all.addAll(new ColdStart(processes, err).measure(work, rounds, also));
            return BenchReport.of("verify", "s", all, also);
        } finally {
            delete(work);
        }
    }

    private List<BenchReport.Round> measure(Path work, boolean batched, List<BenchReport.Also> also)
            throws IOException, InterruptedException {
        String what = batched ? "batched" : "single";
        Path bundle = work.resolve(what);
        Digest genesis;
        try {
            genesis = new BundleMaker(bundle, entries, batched)
                    .write(done -> err.printf("bench verify: made %,d of %,d entries (%s)%n", done, entries, what));
        } catch (SigningException broken) {
            throw new IOException("the benchmark's bundle could not be signed", broken);
        }
        also.add(new BenchReport.Also("bundle, " + what, "bytes/entry", (double) size(bundle) / entries, ""));
        List<BenchReport.Round> out = new ArrayList<>();
        List<Double> processor = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            Took floor = took("floor", bundle, genesis);
            Took verify = took("verify", bundle, genesis);
            err.printf(
                    "bench verify: %s round %d of %d: %.2f s (processor %.2f s), floor %.2f s (%.2f s), ratio %.2f%n",
                    what,
                    round,
                    rounds,
                    verify.seconds(),
                    verify.processor(),
                    floor.seconds(),
                    floor.processor(),
                    verify.seconds() / floor.seconds());
            // The first one also warms the page cache.
            if (round > 0) {
                out.add(new BenchReport.Round(what, verify.seconds(), floor.seconds()));
                processor.add(verify.processor());
            }
        }
        double ratio =
                BenchReport.median(out.stream().map(BenchReport.Round::ratio).toList());
        also.add(new BenchReport.Also("ratio, " + what, "", ratio, "at most 1.5"));
        also.add(new BenchReport.Also(
                "processor time, " + what, "s", BenchReport.median(processor), "all threads, with the start"));
        return out;
    }

    private record Took(double seconds, double processor) {}

    private Took took(String mode, Path bundle, Digest genesis) throws IOException, InterruptedException {
        List<String> arguments = List.of(mode, bundle.toString(), genesis.hex());
        String[] nanos =
                processes.java(VerifyChild.class.getName(), arguments).out().split(" ");
        return new Took(Long.parseLong(nanos[0]) / SECOND, Long.parseLong(nanos[1]) / SECOND);
    }

    private static long size(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            long size = 0;
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                size += Files.size(file);
            }
            return size;
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
