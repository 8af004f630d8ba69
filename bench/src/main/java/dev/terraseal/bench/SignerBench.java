package dev.terraseal.bench;

import dev.terraseal.bench.signer.SignerRounds;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;

/** {@code terraseal bench signer [--rounds N] [--entries N] [--json]}. */
public final class SignerBench {
    private SignerBench() {}

    /** Runs it: talk on {@code err}, the answer on {@code out}. Returns the exit code. */
    public static int run(List<String> arguments, PrintStream out, PrintStream err)
            throws IOException, InterruptedException {
        Arguments options;
        int rounds;
        int entries;
        try {
            options = new Arguments(arguments, Set.of("--rounds", "--entries"));
            rounds = options.number("--rounds", 5);
            entries = options.number("--entries", 60_000);
        } catch (IllegalArgumentException wrong) {
            err.println(wrong.getMessage());
            err.println("usage: terraseal bench signer [--rounds N] [--entries N] [--json]");
            return 2;
        }
        BenchReport report = new SignerRounds(rounds, entries, err).run();
        out.print(options.json() ? report.json() + "\n" : report.text());
        return 0;
    }
}
