package dev.terraseal.bench;

import dev.terraseal.bench.verify.VerifyRounds;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** {@code terraseal bench verify [--rounds N] [--entries N] [--json]}. */
public final class VerifyBench {
    private static final String USAGE = "usage: terraseal bench verify [--rounds N] [--entries N] [--json]";

    private VerifyBench() {}

    /** Runs it: talk on {@code err}, the answer on {@code out}. Returns the exit code. */
    public static int run(List<String> arguments, PrintStream out, PrintStream err)
            throws IOException, InterruptedException {
        boolean json = false;
        int rounds = 5;
        int entries = 100_000;
        try {
            for (int i = 0; i < arguments.size(); i++) {
                switch (arguments.get(i)) {
                    case "--json" -> json = true;
                    case "--rounds" -> rounds = positive(arguments, ++i);
                    case "--entries" -> entries = positive(arguments, ++i);
                    default -> throw new IllegalArgumentException("unknown option " + arguments.get(i));
                }
            }
        } catch (IllegalArgumentException wrong) {
            err.println(wrong.getMessage());
            err.println(USAGE);
            return 2;
        }
        if (entries <= 10_000) {
            err.println("--entries is more than 10,000: only then artifacts lie in shards, which is what is measured");
            return 2;
        }
        BenchReport report = new VerifyRounds(rounds, entries, err).run();
        out.print(json ? report.json() + "\n" : report.text());
        return 0;
    }

    private static int positive(List<String> arguments, int at) {
        if (at < arguments.size() && arguments.get(at).matches("[1-9][0-9]{0,7}")) {
            return Integer.parseInt(arguments.get(at));
        }
        throw new IllegalArgumentException(arguments.get(at - 1) + " needs a number from 1 to 99999999");
    }
}
