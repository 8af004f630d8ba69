package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.mutation.Asked;
import dev.terraseal.testkit.mutation.Mutation;
import dev.terraseal.verifier.VerifyMain;
import dev.terraseal.verifier.files.MalformedException;
import dev.terraseal.verifier.files.ZipFiles;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.Trust;
import dev.terraseal.verifier.trust.TrustFile;
import dev.terraseal.verifier.verdict.Finding;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;

/** Asks the verifier about mutations, with layers switched off where a test wants to know what they are good for. */
final class CatalogueJudge {
    private final SignatureChecker checker;
    private final Set<Layer> off;
    private final Path zip;

    /** @param scratch a directory for zips */
    CatalogueJudge(SignatureChecker checker, Set<Layer> off, Path scratch) {
        this.checker = checker;
        this.off = off;
        this.zip = scratch.resolve("mutation.zip");
    }

    /** Findings that hear nothing of some layers, as if nobody had written them. */
    private static final class DeafFindings extends Findings {
        private final Set<Layer> off;

        DeafFindings(Set<Layer> off) {
            super(false);
            this.off = off;
        }

        @Override
        public void add(Layer layer, FindingName name, String file, String message, String... details) {
            if (!off.contains(layer)) {
                super.add(layer, name, file, message, details);
            }
        }
    }

    Verdict ask(BundleBytes bundle, Asked asked) throws IOException {
        return new BundleVerification(new MemoryFiles(bundle), question(asked), checker, new DeafFindings(off), 0)
                .run();
    }

    Verdict ask(Mutation mutation) {
        try {
            return mutation.content() instanceof Mutation.Files files
                    ? ask(files.bundle(), mutation.asked())
                    : askZip(mutation);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** What is wrong with the verifier's answer, or an empty text; an exception is never right. */
    String problem(Mutation mutation) {
        try {
            return wrong(mutation, ask(mutation));
        } catch (RuntimeException broken) {
            return mutation + ": " + broken + " at " + broken.getStackTrace()[0];
        }
    }

    /**
     * A zip is asked about as users ask: what cannot be read as one is a verdict there and nowhere else. Only findings of a
     * zip that can be read can be missed for a layer that is off.
     */
    private Verdict askZip(Mutation mutation) throws IOException {
        Files.write(zip, mutation.content().zip().toByteArray());
        Question question = question(mutation.asked());
        if (!off.isEmpty()) {
            try (ZipFiles files = ZipFiles.open(zip)) {
                return new BundleVerification(files, question, checker, new DeafFindings(off), 0).run();
            } catch (MalformedException unreadable) {
                return VerifyMain.judge(zip, question, checker);
            }
        }
        return VerifyMain.judge(zip, question, checker);
    }

    private static Question question(Asked asked) throws IOException {
        Bytes trust = asked.trustFile();
        Bytes from = asked.fromCheckpoint();
        try {
            return new Question(
                    trust == null ? Trust.byGenesis(asked.genesis()) : TrustFile.parse(trust),
                    null,
                    from == null ? null : SignedNote.parse(from),
                    asked.atLeast(),
                    asked.coversUntil(),
                    null,
                    false,
                    false,
                    InstantSource.system());
        } catch (NoteException unreadable) {
            throw new IOException(unreadable);
        }
    }

    /** What is wrong with the answer to a mutation, or an empty text. */
    static String wrong(Mutation mutation, Verdict verdict) {
        if (mutation.expected().code() != verdict.code()) {
            return mutation + ": exit " + verdict.code() + " instead of "
                    + mutation.expected().code() + " " + mutation.expected().layer() + " " + verdict.findings();
        }
        if (verdict.code() == 0) {
            boolean said = String.join("; ", verdict.notProven())
                    .contains(mutation.expected().notProven());
            return said
                    ? ""
                    : mutation + ": '" + mutation.expected().notProven() + "' is not in " + verdict.notProven();
        }
        Finding first = first(verdict);
        boolean right = first.layer().code().equals(mutation.expected().layer())
                && mutation.expected().findings().contains(first.name().code());
        return right
                ? ""
                : mutation + ": found by " + first.layer().code() + " as "
                        + first.name().code() + " (" + first.message() + ") instead of "
                        + mutation.expected().layer() + " as "
                        + mutation.expected().findings();
    }

    static Finding first(Verdict verdict) {
        return verdict.findings().stream()
                .filter(finding -> finding.name().isFailure())
                .findFirst()
                .orElseThrow();
    }
}
