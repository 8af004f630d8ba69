package dev.terraseal.fuzz;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.verifier.VerifyMain;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** {@code terraseal verify} over a file of any bytes: it always ends with one of its codes and a last line that says it. */
final class WholeFiles {
    private static final Set<Integer> CODES = Set.of(0, 2, 3, 4, 5);
    private static final Path DIRECTORY = directory();

    private WholeFiles() {}

    private static Path directory() {
        try {
            Path made = Files.createTempDirectory("terraseal-fuzz-");
            made.toFile().deleteOnExit();
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void verify(Bytes content, String name) {
        run(write(name, content).toString(), "--integrity-only");
    }

    /** A trust file of any bytes, over a receipt that is right. */
    static void trust(Bytes content) {
        Path receipt = Seeds.examples().resolve("receipt/0.receipt.json");
        run(receipt.toString(), "--trust", write("trust.json", content).toString());
    }

    private static Path write(String name, Bytes content) {
        try {
            Path file = DIRECTORY.resolve(name);
            Files.write(file, content.toByteArray());
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(String... arguments) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int code;
        try (PrintStream out = new PrintStream(said, false, StandardCharsets.UTF_8)) {
            code = new VerifyMain(out, out).run(arguments);
        }
        String text = said.toString(StandardCharsets.UTF_8);
        if (!CODES.contains(code) || !text.contains("terraseal verify: exit " + code + ": ")) {
            throw new AssertionError("verify ended with " + code + " and said: " + text);
        }
    }
}
