package dev.terraseal.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Whole directories. */
final class Trees {
    private Trees() {}

    static void delete(Path root) throws IOException {
        for (Path path : paths(root, Comparator.reverseOrder())) {
            Files.delete(path);
        }
    }

    static void copy(Path root, Path to) throws IOException {
        for (Path path : paths(root, Comparator.naturalOrder())) {
            Files.copy(path, to.resolve(root.relativize(path).toString()));
        }
    }

    private static List<Path> paths(Path root, Comparator<Path> order) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.sorted(order).toList();
        }
    }
}
