package dev.terraseal.bench.verify;

import dev.terraseal.bench.BenchReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** One receipt through {@code ./terraseal verify}, process and all, beside a Java that does nothing. */
final class ColdStart {
    private static final int TRIES = 8;

    private final Processes processes;
    private final PrintStream err;

    ColdStart(Processes processes, PrintStream err) {
        this.processes = processes;
        this.err = err;
    }

    /** In seconds; none where it was not started by the launcher. */
    List<BenchReport.Round> measure(Path work, int rounds, List<BenchReport.Also> also)
            throws IOException, InterruptedException {
        String home = System.getenv("TERRASEAL_HOME");
        if (home == null) {
            err.println(
                    "bench verify: the cold start is that of ./terraseal, so it is measured only when started by it");
            return List.of();
        }
        Path empty = compileEmpty(work);
        ReceiptMaker.Made receipt = ReceiptMaker.make();
        Path file = Files.write(work.resolve("0.receipt.json"), receipt.bytes().toByteArray());
        List<String> command = List.of(
                home + "/terraseal",
                "verify",
                file.toString(),
                "--genesis",
                receipt.genesis().hex());
        List<BenchReport.Round> found = new ArrayList<>();
        for (int i = 0; i < TRIES + rounds; i++) {
            double mine = processes.run(command).nanos() / 1e9;
            double bare = processes.emptyJava(empty).nanos() / 1e9;
            if (i >= rounds / 2) {
                found.add(
                        new BenchReport.Round("one receipt from a cold start, beside an empty Java main", mine, bare));
            }
        }
        double ratio =
                BenchReport.median(found.stream().map(BenchReport.Round::ratio).toList());
        also.add(new BenchReport.Also("ratio, cold start", "", ratio, "at most 3.5"));
        return found;
    }

    private static Path compileEmpty(Path work) throws IOException {
        Path classes = Files.createDirectories(work.resolve("empty"));
        Path source = classes.resolve("Empty.java");
        Files.writeString(source, "public class Empty { public static void main(String[] a) {} }\n");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null || compiler.run(null, null, null, "-d", classes.toString(), source.toString()) != 0) {
            throw new IOException("the empty main could not be compiled; a JDK is needed, not a JRE");
        }
        return classes;
    }
}
