package dev.terraseal.bench.sequencer;

import dev.terraseal.embedded.EmbeddedBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The product's embedded broker in a process of its own, so that its garbage and its threads are nobody's advantage. */
public final class BenchBroker implements AutoCloseable {
    private static final String READY = "bootstrap ";

    private final Process process;
    private final String bootstrap;
    private final BufferedReader answers;

    private BenchBroker(Process process, String bootstrap, BufferedReader answers) {
        this.process = process;
        this.bootstrap = bootstrap;
        this.answers = answers;
    }

    /** Runs in the child: a line on its input is answered with what {@link Effort#here} says there. */
    public static void main(String[] arguments) throws IOException {
        try (EmbeddedBroker broker = EmbeddedBroker.start(Path.of(arguments[0]), 0, why -> System.err.println(why));
                BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println(READY + broker.bootstrap());
            while (asked.readLine() != null) {
                System.out.println(Effort.here().line());
            }
            // The parent is done or was killed: a broker that shuts down in order would outlive it, and nobody needs
            // its data.
            Runtime.getRuntime().halt(0);
        }
    }

    /** What this process and the broker's have done so far. */
    public Effort effort() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the broker process ended");
        }
        return Effort.here().plus(Effort.parse(answer));
    }

    public static BenchBroker start(Path data) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BenchBroker.class.getName(),
                        data.toString())
                .redirectError(data.resolveSibling("broker.err").toFile())
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(READY)) {
                return new BenchBroker(process, line.substring(READY.length()), out);
            }
        }
        throw new IOException("the broker process ended before it was ready; see " + data.resolveSibling("broker.err"));
    }

    public String bootstrap() {
        return bootstrap;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
