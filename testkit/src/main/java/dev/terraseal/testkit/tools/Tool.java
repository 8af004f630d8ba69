package dev.terraseal.testkit.tools;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * A program a test needs. Where it is missing the test is skipped by name, and the build's last line says so; where
 * {@code TERRASEAL_REQUIRE} names it, a missing one is a failure.
 */
public final class Tool {
    private Tool() {}

    /** The path of {@code name}. Skips or fails the calling test when it is not on the PATH. */
    public static Path require(String name) {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            Path candidate = Path.of(directory.isEmpty() ? "." : directory, name);
            if (Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        absent(name);
        throw new IllegalStateException("not reached: the test was skipped or failed");
    }

    /** Skips or fails the calling test because {@code what} is not here. */
    public static void absent(String what) {
        List<String> required =
                List.of(System.getenv().getOrDefault("TERRASEAL_REQUIRE", "").split("[ ,]+"));
        if (required.contains(what)) {
            Assertions.fail(what + " is missing, and TERRASEAL_REQUIRE names it: install it");
        }
        note(what);
        Assumptions.abort(what + " is missing: this test was skipped");
    }

    /** Kept where the build's last step finds it. */
    private static void note(String what) {
        Path root = Path.of(System.getProperty("maven.multiModuleProjectDirectory", ".."));
        try {
            Path file = root.resolve("target").resolve("missing-tools.txt");
            Files.createDirectories(file.getParent());
            Files.writeString(file, what + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }
}
