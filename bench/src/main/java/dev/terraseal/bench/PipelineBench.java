package dev.terraseal.bench;

import dev.terraseal.bench.pipeline.PipelineRounds;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;

/**
 * {@code terraseal bench pipeline [--signing MODE] [--rate N] [--seconds N] [--flood N] [--record FILE] [--json]}, or
 * {@code --grow N} in place of rate, seconds and flood.
 */
public final class PipelineBench {
    private static final Set<String> OPTIONS =
            Set.of("--signing", "--rate", "--seconds", "--flood", "--grow", "--record");

    /** Events a second of the even pace, where nothing else is said. */
    public static final int RATE = 3_000;
    /** How long the even pace is. */
    public static final int SECONDS = 20;
    /** Events of a flood. */
    public static final int FLOOD = 60_000;

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
                    given.number("--rate", RATE),
                    given.number("--seconds", SECONDS),
                    given.number("--flood", FLOOD),
                    grow(given),
                    record.isEmpty() ? null : record);
        } catch (IllegalArgumentException wrong) {
            err.println(wrong.getMessage());
            err.println(
                    "usage: terraseal bench pipeline [--signing each|batch|auto] [--rate N] [--seconds N] [--flood N]"
                            + " [--record FILE] [--json]\n       terraseal bench pipeline --grow N [--signing each|batch|auto]"
                            + " [--record FILE] [--json]");
            return 2;
        }
        BenchReport report = new PipelineRounds(options, err).run();
        out.print(given.json() ? report.json() + "\n" : report.text());
        return 0;
    }

    /** A log that grows is all of a run: what says how the other measurements go would be passed over. */
    private static int grow(Arguments given) {
        if (given.text("--grow", "").isEmpty()) {
            return 0;
        }
        for (String other : List.of("--rate", "--seconds", "--flood")) {
            if (!given.text(other, "").isEmpty()) {
                throw new IllegalArgumentException(
                        other + " means nothing with --grow, which offers no pace and no flood; leave one out");
            }
        }
        int entries = given.number("--grow", 1);
        if (entries < PipelineRounds.GROWS_FROM) {
            throw new IllegalArgumentException("--grow needs at least " + PipelineRounds.GROWS_FROM + " entries");
        }
        return entries;
    }
}
