package dev.terraseal.bench;

import dev.terraseal.bench.pipeline.PipelineRounds;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;

/** {@code terraseal bench pipeline [--signing MODE] [--rate N] [--seconds N] [--flood N] [--record FILE] [--json]}. */
public final class PipelineBench {
    private static final Set<String> OPTIONS =
            Set.of("--signing", "--rate", "--seconds", "--flood", "--grow", "--record");

    private PipelineBench() {}

    /** Runs it: talk on {@code err}, the answer on {@code out}. Returns the exit code. */
    public static int run(List<String> arguments, PrintStream out, PrintStream err)
            throws IOException, InterruptedException {
        Arguments given;
        PipelineRounds.Options options;
        try {
            given = new Arguments(arguments, OPTIONS);
            String signing = given.text("--signing", "each");
            if (!Set.of("each", "batch", "auto").contains(signing)) {
                throw new IllegalArgumentException("--signing is each, batch or auto");
            }
            String record = given.text("--record", "");
            options = new PipelineRounds.Options(
                    signing,
                    given.number("--rate", 3_000),
                    given.number("--seconds", 20),
                    given.number("--flood", 60_000),
                    grow(given),
                    record.isEmpty() ? null : record);
        } catch (IllegalArgumentException wrong) {
            err.println(wrong.getMessage());
            err.println(
                    "usage: terraseal bench pipeline [--signing each|batch|auto] [--rate N] [--seconds N] [--flood N]"
                            + " [--grow N] [--record FILE] [--json]");
            return 2;
        }
        BenchReport report = new PipelineRounds(options, err).run();
        out.print(given.json() ? report.json() + "\n" : report.text());
        return 0;
    }

    private static int grow(Arguments given) {
        if (given.text("--grow", "").isEmpty()) {
            return 0;
        }
        int entries = given.number("--grow", 1);
        if (entries < PipelineRounds.GROWS_FROM) {
            throw new IllegalArgumentException("--grow needs at least " + PipelineRounds.GROWS_FROM + " entries");
        }
        return entries;
    }
}
