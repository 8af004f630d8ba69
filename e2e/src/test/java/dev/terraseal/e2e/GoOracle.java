package dev.terraseal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.testkit.tools.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Builds {@code src/test/go/oracle} with the Go of this machine and the sumdb packages in its GOROOT, without a network:
 * a second implementation by other people, of which nothing is kept here.
 */
final class GoOracle {
    private static final String SUMDB = "src/cmd/vendor/golang.org/x/mod/sumdb";

    private final Path program;

    private GoOracle(Path program) {
        this.program = program;
    }

    record Answer(int code, String text) {}

    /** Skips or fails the calling test where there is no Go that has them. */
    static GoOracle build(Path work) throws IOException, InterruptedException {
        String missing = missing();
        if (missing != null) {
            System.out.println("no Go to ask: " + missing + "; install Go (Debian: golang-go)");
            Tool.absent("go");
        }
        Path sumdb = Path.of(run(work, "go", "env", "GOROOT").text().strip(), SUMDB);
        for (String name : List.of("note", "tlog")) {
            Path target = Files.createDirectories(work.resolve("build").resolve(name));
            try (Stream<Path> files = Files.list(sumdb.resolve(name))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".go")).toList()) {
                    // What Go 1.19 vendors takes Ed25519 from x/crypto, which has long been the standard library's.
                    String source =
                            Files.readString(file).replace("\"golang.org/x/crypto/ed25519\"", "\"crypto/ed25519\"");
                    Files.writeString(target.resolve(file.getFileName().toString()), source);
                }
            }
        }
        Path build = work.resolve("build");
        for (String source : List.of("main.go", "witness.go")) {
            Files.copy(Path.of("src/test/go/oracle", source), build.resolve(source));
        }
        Files.writeString(build.resolve("go.mod"), "module oracle\n\ngo 1.19\n");
        Path program = build.resolve("oracle");
        Answer built = run(build, "go", "build", "-o", program.toString(), ".");
        assertThat(built.code()).as(built.text()).isZero();
        return new GoOracle(program);
    }

    private static String missing() throws IOException, InterruptedException {
        try {
            Answer root = run(Path.of("."), "go", "env", "GOROOT");
            if (root.code() != 0) {
                return "'go env GOROOT' fails: " + root.text().strip();
            }
            Path sumdb = Path.of(root.text().strip(), SUMDB);
            return Files.isDirectory(sumdb) ? null : "this Go has no " + sumdb;
        } catch (UncheckedIOException noGo) {
            return "there is no 'go' on the path";
        }
    }

    Answer answer(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(words));
        return run(program.getParent(), command.toArray(new String[0]));
    }

    private static Answer run(Path directory, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("GOPROXY", "off");
        builder.environment().put("GOFLAGS", "-mod=mod");
        builder.environment().put("GOTOOLCHAIN", "local");
        builder.environment()
                .put("GOCACHE", Path.of("target/go-cache").toAbsolutePath().toString());
        Process process;
        try {
            process = builder.start();
        } catch (IOException cannotStart) {
            throw new UncheckedIOException(cannotStart);
        }
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(5, TimeUnit.MINUTES))
                .as("%s ends", List.of(command))
                .isTrue();
        return new Answer(process.exitValue(), text);
    }
}
