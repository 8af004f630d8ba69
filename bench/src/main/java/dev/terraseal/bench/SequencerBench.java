package dev.terraseal.bench;

import dev.terraseal.bench.sequencer.SequencerRounds;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/** {@code terraseal bench sequencer [--raw] [--rounds N] [--events N] [--duplicates PERCENT] [--copy-commit MS] [--json]}. */
public final class SequencerBench {
    private static final String USAGE =
            "usage: terraseal bench sequencer [--raw] [--rounds N] [--events N] [--duplicates PERCENT] [--copy-commit MS] [--json]";

    private SequencerBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    /** Runs it: talk on {@code err}, the answer on {@code out}. Returns the exit code. */
    public static int run(List<String> arguments, PrintStream out, PrintStream err)
            throws IOException, InterruptedException {
        boolean raw = false;
        boolean json = false;
        int rounds = 9;
        int events = 200_000;
        List<Integer> duplicates = SequencerRounds.DUPLICATES;
        int copyCommit = 20;
        try {
            for (int i = 0; i < arguments.size(); i++) {
                switch (arguments.get(i)) {
                    case "--raw" -> raw = true;
                    case "--json" -> json = true;
                    case "--rounds" -> rounds = positive(arguments, ++i);
                    case "--events" -> events = positive(arguments, ++i);
                    case "--duplicates" -> duplicates = List.of(percent(arguments, ++i));
                    case "--copy-commit" -> copyCommit = positive(arguments, ++i);
                    default -> throw new IllegalArgumentException("unknown option " + arguments.get(i));
                }
            }
        } catch (IllegalArgumentException wrong) {
            err.println(wrong.getMessage());
            err.println(USAGE);
            return 2;
        }
        BenchReport report =
                new SequencerRounds(raw, rounds, events, duplicates, Duration.ofMillis(copyCommit), err).run();
        out.print(json ? report.json() + "\n" : report.text());
        return 0;
    }

    private static int positive(List<String> arguments, int at) {
        if (at < arguments.size() && arguments.get(at).matches("[1-9][0-9]{0,7}")) {
            return Integer.parseInt(arguments.get(at));
        }
        throw new IllegalArgumentException(arguments.get(at - 1) + " needs a number from 1 to 99999999");
    }

    private static int percent(List<String> arguments, int at) {
        if (at < arguments.size() && arguments.get(at).matches("[1-9]?[0-9]")) {
            return Integer.parseInt(arguments.get(at));
        }
        throw new IllegalArgumentException(arguments.get(at - 1) + " needs a number from 0 to 99");
    }
}
