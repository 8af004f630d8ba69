package dev.terraseal.bench;

import dev.terraseal.bench.archive.ArchiveRounds;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.store.s3.S3Location;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code terraseal bench archive [--rounds N] [--entries N] [--archive s3://…] [--s3-endpoint URL] [--json]}. */
public final class ArchiveBench {
    private static final String USAGE =
            "usage: terraseal bench archive [--rounds N] [--entries N] [--archive s3://bucket/prefix] [--s3-endpoint URL]"
                    + " [--json]";

    private ArchiveBench() {}

    /** Runs it: talk on {@code err}, the answer on {@code out}. Returns the exit code. */
    public static int run(List<String> arguments, PrintStream out, PrintStream err) throws IOException {
        boolean json = false;
        int rounds = 5;
        int entries = 20_000;
        S3Location s3;
        try {
            @Nullable String archive = null;
            @Nullable URI endpoint = null;
            for (int i = 0; i < arguments.size(); i++) {
                switch (arguments.get(i)) {
                    case "--json" -> json = true;
                    case "--rounds" -> rounds = positive(arguments, ++i);
                    case "--entries" -> entries = positive(arguments, ++i);
                    case "--archive" -> archive = text(arguments, ++i);
                    case "--s3-endpoint" -> endpoint = URI.create(text(arguments, ++i));
                    default -> throw new IllegalArgumentException("unknown option " + arguments.get(i));
                }
            }
            s3 = archive == null ? null : S3Location.parse(archive, endpoint, null, endpoint != null);
        } catch (IllegalArgumentException wrong) {
            err.println(wrong.getMessage());
            err.println(USAGE);
            return 2;
        }
        try {
            BenchReport report = new ArchiveRounds(rounds, entries, s3, err, Clock.systemUTC()).run();
            out.print(json ? report.json() + "\n" : report.text());
            return 0;
        } catch (SigningException broken) {
            throw new IOException("a checkpoint of the benchmark could not be signed", broken);
        }
    }

    private static String text(List<String> arguments, int at) {
        if (at < arguments.size()) {
            return arguments.get(at);
        }
        throw new IllegalArgumentException(arguments.get(at - 1) + " needs a value");
    }

    private static int positive(List<String> arguments, int at) {
        if (at < arguments.size() && arguments.get(at).matches("[1-9][0-9]{0,6}")) {
            return Integer.parseInt(arguments.get(at));
        }
        throw new IllegalArgumentException(arguments.get(at - 1) + " needs a number from 1 to 9999999");
    }
}
