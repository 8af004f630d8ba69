package dev.terraseal.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs the packaged command as a user would: as a process, from the checkout's launcher. */
final class Terminal {
    static final Path ROOT = Path.of(System.getProperty("maven.multiModuleProjectDirectory", ".."))
            .toAbsolutePath()
            .normalize();

    record Result(int exit, String out, String err) {
        @Override
        public String toString() {
            return "exit " + exit + "\n-- stdout\n" + out + "\n-- stderr\n" + err;
        }
    }

    private Terminal() {}

    static Result terraseal(Path directory, Object... args) {
        return run(directory, Map.of(), command(args));
    }

    static List<String> command(Object... args) {
        List<String> command = new ArrayList<>(List.of(ROOT.resolve("terraseal").toString()));
        for (Object arg : args) {
            command.add(String.valueOf(arg));
        }
        return command;
    }

    static Result run(Path directory, Map<String, String> environment, List<String> command) {
        try {
            Process process = start(directory, environment, command);
            process.getOutputStream().close();
            CompletableFuture<String> out = read(process.getInputStream());
            CompletableFuture<String> err = read(process.getErrorStream());
            if (!process.waitFor(10, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("still running after 10 minutes: " + command);
            }
            return new Result(process.exitValue(), out.join(), err.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static Process start(Path directory, Map<String, String> environment, List<String> command) throws IOException {
        return builder(directory, environment, command).start();
    }

    private static ProcessBuilder builder(Path directory, Map<String, String> environment, List<String> command)
            throws IOException {
        Files.createDirectories(directory);
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        // The build that runs this test has packaged the command; building again inside it would race with it.
        builder.environment().put("TERRASEAL_NO_BUILD", "1");
        // A short process is through before the second compiler has paid for itself.
        builder.environment().put("TERRASEAL_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
        builder.environment().putAll(environment);
        return builder;
    }

    /** The same, with everything it says appended to {@code log}. */
    static Process start(Path directory, Map<String, String> environment, List<String> command, Path log)
            throws IOException {
        ProcessBuilder builder = builder(directory, environment, command);
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** @param which as {@code kill} takes it, {@code -STOP} say */
    static void signal(String which, Process process) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", which, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new AssertionError("kill " + which + " " + process.pid() + " ended with " + code);
        }
    }

    static CompletableFuture<String> read(InputStream in) {
        return CompletableFuture.supplyAsync(() -> {
            try (in) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
