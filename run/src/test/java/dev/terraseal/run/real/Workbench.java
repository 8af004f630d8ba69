package dev.terraseal.run.real;

import dev.terraseal.run.server.FakeLogServer;
import dev.terraseal.testkit.tools.Tool;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Runs the real terraform, plain and under {@code terraseal run} in a JVM of its own, and compares what people see. */
final class Workbench implements AutoCloseable {
    private static final Pattern RANDOM =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final Path root;
    private final FakeLogServer server;
    private final String terraform;
    private final Map<String, String> extra = new TreeMap<>();
    private List<String> launcher = List.of();

    Workbench(Path root, FakeLogServer server) {
        this.root = root;
        this.server = server;
        this.terraform = Tool.require("terraform").toString();
    }

    /** What a person saw and the shell got. */
    record Transcript(int exit, String out, String err) {
        /** Lines of ours taken out, random ids and times made equal. */
        Transcript comparable() {
            return new Transcript(exit, plain(out), plain(err.replaceAll("(?m)^terraseal: .*\n", "")));
        }

        /** Terraform works in parallel: where only the order of lines differs, it differs without us too. */
        Transcript sorted() {
            return new Transcript(
                    exit, sorted(comparable().out()), sorted(comparable().err()));
        }

        private static String plain(String text) {
            return RANDOM.matcher(text).replaceAll("ID").replaceAll("after [0-9]+s", "after Ns");
        }

        private static String sorted(String text) {
            return String.join("\n", text.lines().sorted().toList());
        }
    }

    Workbench environment(String name, String value) {
        extra.put(name, value);
        return this;
    }

    /** From here on processes lead a group of their own, as a CI system starts them. */
    Workbench inOwnGroup() {
        launcher = List.of(Tool.require("setsid").toString());
        return this;
    }

    Path directory(String name) throws IOException {
        return Files.createDirectories(root.resolve(name));
    }

    Path spool() {
        return root.resolve("spool");
    }

    /** A configuration, initialised; a second one with the same name in another place has the same transcript. */
    Path configuration(String name, String hcl) throws Exception {
        Path directory = directory(name);
        Files.writeString(directory.resolve("main.tf"), hcl);
        Transcript init = finish(start(directory, List.of(terraform, "init", "-no-color")), "");
        if (init.exit() != 0) {
            throw new IllegalStateException(init.err());
        }
        return directory;
    }

    Transcript plain(Path directory, String input, String... arguments) throws Exception {
        return finish(start(directory, command(List.of(terraform), arguments)), input);
    }

    Transcript run(Path directory, String input, String... arguments) throws Exception {
        return finish(startRun(directory, List.of(), arguments), input);
    }

    Transcript runWith(Path directory, List<String> options, String input, String... arguments) throws Exception {
        return finish(startRun(directory, options, arguments), input);
    }

    Process startRun(Path directory, List<String> options, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(ours("run"));
        command.addAll(options);
        command.add("--");
        command.add(terraform);
        return start(directory, command(command, arguments));
    }

    /** {@code terraseal-run} with these words. */
    Transcript ours(Path directory, String... words) throws Exception {
        return finish(start(directory, ours(words)), "");
    }

    /** As {@link #ours(Path, String...)}, with {@code input} through a pipe. */
    Transcript oursReading(Path directory, String input, String... words) throws Exception {
        return finish(start(directory, ours(words)), input);
    }

    private List<String> ours(String... words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.terraseal.run.RunMain"));
        command.addAll(List.of(words));
        return command;
    }

    private static List<String> command(List<String> begin, String... arguments) {
        List<String> command = new ArrayList<>(begin);
        command.addAll(List.of(arguments));
        return command;
    }

    private Process start(Path directory, List<String> command) throws IOException {
        Path out = Files.createTempFile(root, "out", ".txt");
        Path err = Files.createTempFile(root, "err", ".txt");
        List<String> launched = new ArrayList<>(launcher);
        launched.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(launched)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        Map<String, String> environment = builder.environment();
        environment
                .keySet()
                .removeIf(name -> name.startsWith("TF_") || name.startsWith("GITHUB_") || name.equals("CI"));
        environment.put("TERRASEAL_SERVER", server.url());
        environment.put("TERRASEAL_SPOOL", spool().toString());
        environment.put("TMPDIR", directory("tmp").toString());
        environment.put("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + directory("tmp"));
        environment.putAll(extra);
        Process process = builder.start();
        outputs.put(process.pid(), List.of(out, err));
        started.add(process);
        return process;
    }

    private final Map<Long, List<Path>> outputs = new TreeMap<>();
    private final List<Process> started = new ArrayList<>();
    private int secondsMax = 120;

    /** For what terraform itself needs long for. */
    Workbench patient(int seconds) {
        secondsMax = seconds;
        return this;
    }

    /** Ends what a failed test left running. */
    @Override
    public void close() {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** What {@code process} wrote so far. */
    String outOf(Process process) throws IOException {
        return Files.readString(outputs.get(process.pid()).get(0));
    }

    Transcript finish(Process process, String input) throws Exception {
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException itDidNotWantIt) {
            // A process that ended without reading its input.
            process.waitFor();
        }
        if (!process.waitFor(secondsMax, TimeUnit.SECONDS)) {
            throw new IllegalStateException("no end after " + secondsMax + " s: " + outOf(process));
        }
        List<Path> files = outputs.get(process.pid());
        String err = Files.readString(files.get(1)).replaceAll("(?m)^Picked up JAVA_TOOL_OPTIONS.*\n", "");
        return new Transcript(process.exitValue(), Files.readString(files.get(0)), err);
    }

    /** Waits until {@code process} has shown {@code text}. */
    void awaitOut(Process process, String text) throws Exception {
        while (!outOf(process).contains(text)) {
            if (!process.isAlive() && !outOf(process).contains(text)) {
                throw new IllegalStateException("it ended without '" + text + "': " + outOf(process)
                        + Files.readString(outputs.get(process.pid()).get(1)));
            }
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
    }

    /** Everything written under {@code paths} or beneath them that holds {@code needle}. */
    static List<Path> holding(String needle, List<Path> paths) throws IOException {
        List<Path> found = new ArrayList<>();
        byte[] wanted = needle.getBytes(StandardCharsets.ISO_8859_1);
        for (Path path : paths) {
            try (var files = Files.walk(path)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                    if (content.contains(new String(wanted, StandardCharsets.ISO_8859_1))) {
                        found.add(file);
                    }
                }
            }
        }
        return found;
    }
}
