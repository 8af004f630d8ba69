package dev.terraseal.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Directories a bench makes and takes away again. */
public final class Trees {
    private Trees() {}

    /** A broker that is being killed may still write: what is left then is of no consequence in a temporary directory. */
    public static void delete(Path root) {
        try (Stream<Path> all = Files.walk(root)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException("clearing " + root, e);
        }
    }
}
