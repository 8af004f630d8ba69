package dev.terraseal.verifier;

import dev.terraseal.testkit.mutation.Asked;
import dev.terraseal.verifier.trust.Question;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is asked of both verifiers, as the command line gives it to the Java one. */
public final class AskedOptions {
    private AskedOptions() {}

    /** An option the verifier refuses to take is an {@link UncheckedIOException}: exit code 2. */
    public static Question question(Asked asked, Path scratch) throws IOException {
        List<String> arguments = new ArrayList<>();
        arguments.add(scratch.toString());
        if (asked.trustFile() == null) {
            arguments.addAll(List.of("--genesis", asked.genesis().hex()));
        } else {
            Path trust = scratch.resolve("trust.json");
            Files.write(trust, asked.trustFile().toByteArray());
            arguments.addAll(List.of("--trust", trust.toString()));
        }
        if (asked.atLeast() != null) {
            arguments.addAll(List.of("--at-least", asked.atLeast().toString()));
        }
        if (asked.coversUntil() != null) {
            arguments.addAll(List.of("--covers-until", asked.coversUntil().toString()));
        }
        if (asked.fromCheckpoint() != null) {
            Path older = scratch.resolve("older");
            Files.write(older, asked.fromCheckpoint().toByteArray());
            arguments.addAll(List.of("--from-checkpoint", older.toString()));
        }
        try {
            return VerifyOptions.parse(arguments.toArray(new String[0])).question();
        } catch (UsageException refused) {
            throw new UncheckedIOException(new IOException(refused));
        }
    }
}
