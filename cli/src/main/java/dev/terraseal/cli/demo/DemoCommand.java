package dev.terraseal.cli.demo;

import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.cli.ExitCode;
import dev.terraseal.cli.up.Stack;
import dev.terraseal.cli.up.UpOptions;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.run.recorded.RecordedApply;
import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsException;
import dev.terraseal.settings.SettingsSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code terraseal demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Starts everything in a temporary directory, attests a real terraform apply, exports a bundle, verifies it,",
            "changes one byte of it on disk and shows the refusal."
        },
        footer = {"%nExample: terraseal demo --keep"})
public final class DemoCommand implements Callable<Integer> {
    private static final String TAMPERED = "artifacts/00000000000000000001.json";

    @Option(names = "--keep", description = "Keep the directory, and print what to try next.")
    boolean keep;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException, IOException, InterruptedException {
        Path directory = Files.createTempDirectory("terraseal-demo-");
        boolean done = false;
        try {
            String genesis = evidence(directory);
            tamper(directory, genesis);
            done = true;
            return ExitCode.OK;
        } finally {
            if (keep) {
                say("Kept in " + directory);
                next(directory);
            } else if (done) {
                delete(directory);
            } else {
                say("The demo did not get to its end; what there is lies in " + directory);
            }
        }
    }

    private String evidence(Path directory) throws CommandFailedException, IOException, InterruptedException {
        step("1. The stack: broker, registry, ingest, sequencer, signer and archiver in one process");
        try (Stack stack = Stack.start(options(directory), fatal -> say("stopped: " + fatal))) {
            say(stack.readyText());
            String server = stack.ready().string("http");
            String genesis = stack.ready().string("genesis");
            apply(directory, server, genesis);
            step("3. The entries, verified while they are read");
            require(0, Self.terraseal(directory, "log", "list", "--data", data(directory)), "log list");
            step("4. The receipt of the first entry: " + directory.resolve("0.receipt.json"));
            String receipt = directory.resolve("0.receipt.json").toString();
            require(
                    0,
                    Self.terraseal(
                            directory,
                            "receipt",
                            "--server",
                            server,
                            "--genesis",
                            genesis,
                            "--sequence",
                            "0",
                            "--out",
                            receipt),
                    "receipt");
            step("5. A bundle for an auditor");
            require(
                    0,
                    Self.terraseal(directory, "export", "--data", data(directory), "--out", bundle(directory)),
                    "export");
            step("6. Verified offline, by another process, against the genesis alone");
            require(0, Self.terraseal(directory, "verify", bundle(directory), "--genesis", genesis), "verify");
            return genesis;
        }
    }

    private void apply(Path directory, String server, String genesis)
            throws CommandFailedException, IOException, InterruptedException {
        Optional<Path> engine = Self.onPath("terraform").or(() -> Self.onPath("tofu"));
        if (engine.isEmpty()) {
            step("2. Neither terraform nor tofu is installed here: a recorded apply is replayed");
            Path recorded = directory.resolve("recorded-applies.jsonl");
            RecordedApply.transcript().lines().forEach(this::say);
            Files.write(recorded, RecordedApply.events().toByteArray());
            require(
                    0,
                    Self.terraseal(
                            directory,
                            "submit",
                            recorded.toString(),
                            "--server",
                            server,
                            "--genesis",
                            genesis,
                            "--wait"),
                    "submit");
            return;
        }
        Path workspace = Files.createDirectories(directory.resolve("workspace"));
        String binary = engine.get().toString();
        for (int i = 1; i <= 2; i++) {
            step("2." + i + " A real " + engine.get().getFileName() + " apply in " + workspace);
            Files.writeString(workspace.resolve("main.tf"), configuration(i));
            if (i == 1) {
                require(0, Self.run(workspace, Map.of(), List.of(binary, "init", "-no-color", "-input=false")), "init");
            }
            List<String> command = Self.command(
                    "run",
                    "--server",
                    server,
                    "--genesis",
                    genesis,
                    "--spool",
                    directory.resolve("spool").toString(),
                    "--stream",
                    "demo/prod",
                    "--ticket",
                    "CHG-" + i,
                    "--wait",
                    "checkpoint",
                    "--",
                    binary,
                    "apply",
                    "-auto-approve",
                    "-input=false");
            require(0, Self.run(workspace, Map.of(), command), "terraseal run");
        }
    }

    private static String configuration(int version) {
        return """
                resource "terraform_data" "service" {
                  input = "version %d"
                }

                resource "terraform_data" "replica" {
                  count = %d
                  input = "replica ${count.index}"
                }
                """.formatted(version, version + 1);
    }

    private void tamper(Path directory, String genesis)
            throws CommandFailedException, IOException, InterruptedException {
        Path file = Path.of(bundle(directory)).resolve(TAMPERED);
        Bytes before = Bytes.wrap(Files.readAllBytes(file));
        int at = before.length() / 2;
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(at);
            open.write(before.at(at) ^ 1);
        }
        step("7. One byte of one artifact is changed on disk");
        say(String.format("%s: byte %d was %02x and is %02x", file, at, before.at(at), before.at(at) ^ 1));
        step("8. The same verification again");
        int code = Self.terraseal(directory, "verify", bundle(directory), "--genesis", genesis);
        require(ExitCode.VERIFICATION_FAILED, code, "verify of the tampered bundle");
        say("");
        say("Refused, with exit code 4, as it has to be.");
    }

    private void next(Path directory) {
        say("Try next:");
        say("  terraseal verify " + bundle(directory) + " --all");
        say("  terraseal log show 1 --data " + data(directory));
        say("  terraseal up --data " + data(directory));
    }

    private static UpOptions options(Path directory) throws CommandFailedException {
        Path data = directory.resolve("data");
        try {
            Settings settings = new SettingsSource()
                    .set("archive", data.resolve("archive").toString())
                    .set("http.port", "0")
                    .set("kafka.port", "0")
                    .settings();
            UpOptions options = UpOptions.from(settings, data);
            settings.done();
            return options;
        } catch (SettingsException wrong) {
            throw CommandFailedException.usage(String.valueOf(wrong.getMessage()));
        }
    }

    private static String data(Path directory) {
        return directory.resolve("data").toString();
    }

    private static String bundle(Path directory) {
        return directory.resolve("bundle").toString();
    }

    private void require(int wanted, int code, String what) throws CommandFailedException {
        if (code != wanted) {
            throw CommandFailedException.unavailable(what + " ended with exit code " + code + " and not " + wanted);
        }
    }

    private void step(String text) {
        say("");
        say("── " + text);
    }

    private void say(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(text);
        out.flush();
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
