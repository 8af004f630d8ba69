package dev.terraseal.testkit.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The inclusion and consistency vectors of transparency-dev/merkle, most of which have to be refused. They are not part
 * of this repository: {@code TERRASEAL_VECTORS} names the directory that has them in {@code merkle/}.
 */
public final class PublishedVectors {
    /** How many there are of each kind: a directory with fewer is another one. */
    public static final int OF_A_KIND = 98;

    private static final String NAME = "merkle-vectors";

    private PublishedVectors() {}

    /** The files of {@code inclusion} or {@code consistency}. Skips or fails the calling test where there are none. */
    public static List<Path> of(String kind) throws IOException {
        String named = System.getenv("TERRASEAL_VECTORS");
        Path directory = Path.of(named == null ? "" : named, "merkle", kind);
        if (named == null || !Files.isDirectory(directory)) {
            System.out.println("no " + NAME + ": TERRASEAL_VECTORS "
                    + (named == null ? "is not set" : "has no " + directory)
                    + "; it names a directory with merkle/" + kind);
            Tool.absent(NAME);
        }
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }
}
