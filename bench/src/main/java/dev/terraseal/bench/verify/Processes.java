package dev.terraseal.bench.verify;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts processes and takes their time. */
final class Processes {
    private final String java;
    /** Where {@code ./terraseal} lies, if it started us. */
    private final @Nullable Path launcher;

    Processes() {
        String home = System.getenv("TERRASEAL_HOME");
        this.launcher = home == null ? null : Path.of(home);
        this.java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** What a process printed, and how long it took from start to end. */
    record Ran(String out, long nanos) {}

    /** A JVM with our class path, the options of the launcher for a bundle, and a heap of at most 256 MB. */
    Ran java(String main, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                java,
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Xshare:auto",
                "-XX:FreqInlineSize=60",
                "-XX:MaxInlineLevel=5",
                "-XX:LoopUnrollLimit=20"));
        if (launcher != null) {
            command.addAll(List.of(
                    "-XX:SharedArchiveFile=" + launcher.resolve("verifier/target/bundle.jsa"),
                    "-Xlog:cds=off",
                    "-Xlog:cds+dynamic=off"));
        }
        command.addAll(List.of("-cp", classPath(), main));
        command.addAll(arguments);
        return run(command);
    }

    /** What the launcher's archive of classes was made of has to come first, or it is not used. */
    private String classPath() {
        String own = System.getProperty("java.class.path");
        return launcher == null
                ? own
                : String.join(
                        File.pathSeparator,
                        launcher.resolve("core/target/terraseal-core-0.1.0.jar").toString(),
                        launcher.resolve("verifier/target/terraseal-verifier-0.1.0.jar")
                                .toString(),
                        launcher.resolve("verifier/target/fast/bcprov-jdk18on.jar")
                                .toString(),
                        own);
    }

    /** The launcher makes its archive of classes when it is started after a build. */
    void warmLauncher() throws IOException, InterruptedException {
        if (launcher != null) {
            run(List.of(
                    launcher.resolve("terraseal").toString(),
                    "verify",
                    launcher.resolve("examples/demo").toString(),
                    "--integrity-only"));
        }
    }

    /** A JVM that does nothing, with the options of the launcher. */
    Ran emptyJava(Path classes) throws IOException, InterruptedException {
        return run(List.of(java, "-XX:+UseSerialGC", "-Xshare:auto", "-cp", classes.toString(), "Empty"));
    }

    /** @throws IOException if the process ends with another code than 0 */
    Ran run(List<String> command) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        long nanos = System.nanoTime() - begin;
        if (code != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + code + ": " + out);
        }
        return new Ran(out.trim(), nanos);
    }
}
