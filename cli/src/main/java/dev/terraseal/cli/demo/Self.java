package dev.terraseal.cli.demo;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Other processes: this program again, and what is on the PATH. Their output goes where ours goes. */
final class Self {
    private Self() {}

    /** Runs {@code terraseal ARGS} as a process of its own. */
    static int terraseal(Path directory, String... args) throws IOException, InterruptedException {
        return run(directory, Map.of(), command(args));
    }

    static List<String> command(String... args) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>(List.of(
                java.toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.terraseal.cli.Terraseal"));
        command.addAll(List.of(args));
        return command;
    }

    static int run(Path directory, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).inheritIO();
        builder.environment().putAll(environment);
        return builder.start().waitFor();
    }

    static Optional<Path> onPath(String name) {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            File candidate = new File(directory, name);
            if (candidate.isFile() && candidate.canExecute()) {
                return Optional.of(candidate.toPath());
            }
        }
        return Optional.empty();
    }
}
