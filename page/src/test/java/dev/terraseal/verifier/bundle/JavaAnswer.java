package dev.terraseal.verifier.bundle;

import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.testkit.keys.RememberingChecker;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.mutation.Asked;
import dev.terraseal.testkit.mutation.Mutation;
import dev.terraseal.verifier.AskedOptions;
import dev.terraseal.verifier.VerifyMain;
import dev.terraseal.verifier.files.BundleFiles;
import dev.terraseal.verifier.files.DirectoryFiles;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.verdict.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The Java verifier's answer, from a directory or a zip on disk; it does not search for the byte that differs. */
public final class JavaAnswer {
    private final SignatureChecker checker = new RememberingChecker();
    private final Path scratch;

    public JavaAnswer(Path scratch) {
        this.scratch = scratch;
    }

    /** {@code code layer finding}, as {@code dev.terraseal.page.Answer} has it. */
    public String to(Mutation.Content content, Asked asked) throws IOException {
        Question question;
        try {
            question = AskedOptions.question(asked, scratch);
        } catch (UncheckedIOException usage) {
            return "2";
        }
        Verdict verdict = verdict(content, question);
        return verdict.code()
                + verdict.findings().stream()
                        .filter(finding -> finding.name().isFailure())
                        .findFirst()
                        .map(finding -> " " + finding.layer().code() + " "
                                + finding.name().code())
                        .orElse("");
    }

    /** What it says is proven. */
    public List<String> proven(Mutation.Content content, Asked asked) throws IOException {
        return verdict(content, AskedOptions.question(asked, scratch)).proven();
    }

    /** A zip as users ask about it: what cannot be read as one has its verdict there alone. */
    private Verdict verdict(Mutation.Content content, Question question) throws IOException {
        if (content instanceof Mutation.Zip zip) {
            Path file = scratch.resolve("broken.zip");
            Files.write(file, zip.bytes().toByteArray());
            return VerifyMain.judge(file, question, checker);
        }
        try (BundleFiles files = directory(((Mutation.Files) content).bundle())) {
            return new BundleVerification(files, question, checker, 0).run();
        }
    }

    private BundleFiles directory(BundleBytes bundle) throws IOException {
        Path directory = scratch.resolve("bundle");
        clear(directory);
        bundle.write(directory);
        return DirectoryFiles.of(directory);
    }

    private static void clear(Path directory) throws IOException {
        if (Files.exists(directory)) {
            List<Path> all;
            try (Stream<Path> walk = Files.walk(directory)) {
                all = walk.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path path : all) {
                Files.delete(path);
            }
        }
    }
}
