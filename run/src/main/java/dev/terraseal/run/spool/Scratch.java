package dev.terraseal.run.spool;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The private directory of one run. */
final class Scratch {
    private static final String PREFIX = "terraseal-run-";

    private Scratch() {}

    /** In the system's temporary directory, mode 0700. */
    static Path create() throws IOException {
        return Files.createTempDirectory(PREFIX);
    }

    /** Removes the files in it and it; a directory that is not one of ours is left alone, whatever an intent says. */
    static void remove(Path scratch) throws IOException {
        Path name = scratch.getFileName();
        if (name == null || !name.toString().startsWith(PREFIX) || !Files.isDirectory(scratch)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(scratch)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(scratch);
    }
}
