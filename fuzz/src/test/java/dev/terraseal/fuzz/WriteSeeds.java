package dev.terraseal.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code TARGET DIRECTORY}: writes what is right, for a fuzzer to begin with. */
public final class WriteSeeds {
    private WriteSeeds() {}

    /** For {@code build/fuzz.sh}. */
    public static void main(String[] arguments) throws IOException {
        List<byte[]> right = Seeds.right(Target.valueOf(arguments[0]));
        for (int i = 0; i < right.size(); i++) {
            Files.write(Path.of(arguments[1], "right-" + i), right.get(i));
        }
    }
}
