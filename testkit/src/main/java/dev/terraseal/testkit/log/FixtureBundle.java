package dev.terraseal.testkit.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A {@link FixtureExport} in a directory. */
public final class FixtureBundle {
    private FixtureBundle() {}

    /** Writes the export of the whole log. */
    public static void whole(LogFixture fixture, Path directory) throws IOException {
        FixtureExport.of(fixture).whole().write(directory);
    }

    /** Writes the export of {@code [first, end)}. */
    public static void range(LogFixture fixture, Path directory, int first, int end) throws IOException {
        FixtureExport.of(fixture).range(first, end).write(directory);
    }

    /** Writes SHA256SUMS anew over whatever lies there, and seals it with a real export key. */
    public static void seal(LogFixture fixture, Path directory) throws IOException {
        BundleBytes.read(directory).sealedBy(fixture.exportKey()).write(directory);
    }

    /** The files below a directory by name, in the order of SHA256SUMS. */
    public static TreeMap<String, Path> files(Path directory) throws IOException {
        TreeMap<String, Path> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            all.filter(Files::isRegularFile)
                    .forEach(file -> files.put(directory.relativize(file).toString(), file));
        }
        return files;
    }
}
