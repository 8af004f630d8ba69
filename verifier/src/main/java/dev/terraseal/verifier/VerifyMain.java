package dev.terraseal.verifier;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.verifier.archive.ArchiveVerification;
import dev.terraseal.verifier.bundle.BundleVerification;
import dev.terraseal.verifier.files.BundleFiles;
import dev.terraseal.verifier.files.DirectoryFiles;
import dev.terraseal.verifier.files.MalformedException;
import dev.terraseal.verifier.files.ZipFiles;
import dev.terraseal.verifier.receipt.ReceiptFile;
import dev.terraseal.verifier.report.Subject;
import dev.terraseal.verifier.report.WorkPaper;
import dev.terraseal.verifier.time.TimeBounds;
import dev.terraseal.verifier.trust.Conclusion;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.Printable;
import dev.terraseal.verifier.verdict.Verdict;
import dev.terraseal.verifier.verdict.VerdictJson;
import dev.terraseal.verifier.verdict.VerdictText;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code terraseal verify}: reads, judges, says so, and returns the exit code of FORMATS section 9. */
public final class VerifyMain {
    private static final int USAGE = 2;
    private static final int NOT_EVALUATED = 3;
    private static final int SLOW_FIRST = 300;

    private final PrintStream out;
    private final PrintStream err;
    private final SignatureChecker checker;

    public VerifyMain(PrintStream out, PrintStream err) {
        this(out, err, checker());
    }

    public VerifyMain(PrintStream out, PrintStream err, SignatureChecker checker) {
        this.out = out;
        this.err = err;
        this.checker = checker;
    }

    /** Runs the command with what follows its name; the last line on {@code err} says the code and its meaning. */
    public int run(String[] arguments) {
        for (String argument : arguments) {
            if (argument.equals("--help") || argument.equals("-h")) {
                out.print(VerifyHelp.TEXT);
                return 0;
            }
        }
        try {
            VerifyOptions options = VerifyOptions.parse(arguments);
            return options.splitView() ? new SplitViewMain(out, err, checker).run(options) : verify(options);
        } catch (UsageException wrong) {
            return end(USAGE, String.valueOf(wrong.getMessage()));
        } catch (IOException unreadable) {
            return end(NOT_EVALUATED, "could not be read: " + unreadable);
        } catch (RuntimeException | Error broken) {
            return end(NOT_EVALUATED, Broken.told(broken));
        }
    }

    private int verify(VerifyOptions options) throws UsageException, IOException {
        if (!Files.exists(options.path())) {
            throw new UsageException("there is nothing at " + options.path());
        }
        Path report = options.report();
        if (report != null) {
            requireUsable(report, options.path());
        }
        Verdict verdict = judge(options.path(), options.question(), checker);
        if (options.json()) {
            out.println(VerdictJson.bytes(verdict).utf8());
        } else {
            for (String line : VerdictText.lines(verdict)) {
                out.println(line);
            }
        }
        out.flush();
        if (report != null) {
            // Last, for the verdict may have taken hours and a disk may be full.
            try {
                write(report, verdict, options);
            } catch (IOException unwritable) {
                return unwritten(verdict, unwritable);
            }
        }
        return end(verdict.code(), verdict.outcome().meaning());
    }

    /** Looked at before the verification, which may take hours. */
    private static void requireUsable(Path report, Path subject) throws UsageException, IOException {
        String named = report.toString();
        if (!named.endsWith(".json") && !named.endsWith(".html")) {
            throw new UsageException(
                    "--report: the name ends in .html or .json, which says what is written; not " + named);
        }
        if (Files.exists(report, LinkOption.NOFOLLOW_LINKS)) {
            throw new UsageException("--report: " + report + " exists and is not overwritten; choose another name");
        }
        Path directory = report.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new UsageException("--report: there is no directory " + directory + " to write it into");
        }
        if (Files.isDirectory(subject) && directory.toRealPath().startsWith(subject.toRealPath())) {
            throw new UsageException("--report: " + report + " lies within " + subject
                    + ", which the next verification would refuse for it; choose a place outside");
        }
    }

    /** What was found stands, and a failure is told before the paper that is missing. */
    private int unwritten(Verdict verdict, IOException why) {
        String problem = "the work paper could not be written: " + why;
        if (verdict.code() == 0) {
            return end(NOT_EVALUATED, problem + "; the verdict above stands");
        }
        err.println("terraseal verify: " + Printable.of(problem));
        return end(verdict.code(), verdict.outcome().meaning());
    }

    /** Judges whatever lies at {@code path}, which exists. */
    public static Verdict judge(Path path, Question question, SignatureChecker checker) throws IOException {
        try {
            return switch (PathKind.of(path)) {
                case BUNDLE_DIRECTORY -> bundle(DirectoryFiles.of(path), question, checker);
                case BUNDLE_ZIP -> bundle(ZipFiles.open(path), question, checker);
                case ARCHIVE -> new ArchiveVerification(path, question, checker).run();
                case RECEIPT -> receipt(path, question, checker);
            };
        } catch (MalformedException malformed) {
            Findings findings = new Findings(question.all());
            findings.add(Layer.SEAL, FindingName.MALFORMED, malformed.file(), String.valueOf(malformed.getMessage()));
            return Conclusion.of(
                    question, findings, "unknown", Verdict.Facts.NONE, List.of(), List.of(), null, TimeBounds.NONE);
        }
    }

    private static Verdict bundle(BundleFiles files, Question question, SignatureChecker checker) throws IOException {
        try (files) {
            return new BundleVerification(files, question, checker).run();
        }
    }

    private static Verdict receipt(Path path, Question question, SignatureChecker checker) throws IOException {
        String name = String.valueOf(path.getFileName());
        if (Files.size(path) > Receipt.BYTES_MAX) {
            throw new MalformedException(name, "is larger than any receipt");
        }
        return new ReceiptFile(name, question, checker).judge(Bytes.wrap(Files.readAllBytes(path)));
    }

    /**
     * The bare JDK, and after a few hundred signatures Bouncy Castle where it is on the class path: it checks elliptic
     * curves ten times faster and takes half a second to load.
     */
    public static SignatureChecker checker() {
        return SignatureChecker.loadingLate(VerifyMain::bouncyCastle, SLOW_FIRST);
    }

    private static java.security.@Nullable Provider bouncyCastle() {
        try {
            Object provider = Class.forName("org.bouncycastle.jce.provider.BouncyCastleProvider")
                    .getDeclaredConstructor()
                    .newInstance();
            return (java.security.Provider) provider;
        } catch (ReflectiveOperationException absent) {
            return null;
        }
    }

    private static void write(Path report, Verdict verdict, VerifyOptions options) throws IOException {
        WorkPaper paper = new WorkPaper(
                verdict,
                Subject.of(options.path()),
                options.given(),
                options.files(),
                options.question().clock().instant());
        String text = report.toString().endsWith(".json") ? paper.json().utf8() + "\n" : paper.html();
        Files.writeString(report, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
    }

    private int end(int code, String meaning) {
        err.println("terraseal verify: exit " + code + ": " + Printable.of(meaning));
        err.flush();
        return code;
    }
}
