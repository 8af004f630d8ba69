package dev.terraseal.fuzz;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.verifier.VerifyMain;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * {@code terraseal verify} over a file of any bytes: it always ends with one of its codes and a last line that says it.
 * That it could not tell (3) is an answer where a file asks for what nobody here knows, and never because of a breakdown.
 */
final class WholeFiles {
    private static final Set<Integer> TAKEN = Set.of(0, 5);
    private static final Set<Integer> REFUSED = Set.of(2, 3, 4);
    /** What the last line has where not the file is wrong but the verifier. */
    private static final List<String> BREAKDOWNS =
            List.of("an error in the verifier itself", "too little memory", "could not be read");

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

    /** A bundle or receipt of any bytes. */
    static void verify(Bytes content, String name, SignatureChecker checker) {
        run(checker, write(name, content).toString(), "--integrity-only");
    }

    /** A bundle of any bytes, under the log it is of. */
    static void verify(Bytes content, Digest genesis) {
        run(VerifyMain.checker(), write("bundle.zip", content).toString(), "--genesis", genesis.hex());
    }

    /** A trust file of any bytes, over a receipt that is right. */
    static void trust(Bytes content) {
        Path receipt = Seeds.examples().resolve("receipt/0.receipt.json");
        run(
                VerifyMain.checker(),
                receipt.toString(),
                "--trust",
                write("trust.json", content).toString());
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

    /** @throws IllegalArgumentException where the file was refused */
    private static void run(SignatureChecker checker, String... arguments) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int code;
        try (PrintStream out = new PrintStream(said, false, StandardCharsets.UTF_8)) {
            code = new VerifyMain(out, out, checker).run(arguments);
        }
        String text = said.toString(StandardCharsets.UTF_8);
        String end = "terraseal verify: exit " + code + ": ";
        String last = text.substring(Math.max(0, text.lastIndexOf(end)));
        if (!last.startsWith(end) || BREAKDOWNS.stream().anyMatch(last::contains)) {
            throw new AssertionError("verify ended with " + code + " and said: " + text);
        }
        if (REFUSED.contains(code)) {
            throw new IllegalArgumentException(last);
        }
        if (!TAKEN.contains(code)) {
            throw new AssertionError("verify ended with " + code + ", which is none of its codes: " + text);
        }
    }
}
