package dev.terraseal.verifier;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.TreeHead;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.witness.SplitView;
import dev.terraseal.verifier.trust.Trust;
import dev.terraseal.verifier.verdict.Printable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.List;

/** {@code terraseal verify --split-view FILE}: whether a file proves that a log signed two histories. */
final class SplitViewMain {
    private static final int PROVEN = 0;
    private static final int NOT_EVALUATED = 3;
    private static final int NO_PROOF = 4;
    private static final int NOT_YET_TRUSTED = 5;

    private final PrintStream out;
    private final PrintStream err;
    private final SignatureChecker checker;

    SplitViewMain(PrintStream out, PrintStream err, SignatureChecker checker) {
        this.out = out;
        this.err = err;
        this.checker = checker;
    }

    /** Judges the file that {@code options} name. */
    int run(VerifyOptions options) throws UsageException, IOException {
        if (!Files.isRegularFile(options.path())) {
            throw new UsageException("there is no file " + options.path());
        }
        if (Files.size(options.path()) > SplitView.MAX_BYTES) {
            return end(NO_PROOF, options, "no proof: it is larger than any");
        }
        try {
            SplitView proof = SplitView.parse(Bytes.wrap(Files.readAllBytes(options.path())));
            List<VerifierKey> keys = keys(proof, options);
            SplitView.Shown shown = proof.verify(keys, checker);
            boolean trusted =
                    options.question().trust() != null || options.question().logKey() != null;
            say(shown, keys, trusted, options);
            return trusted
                    ? end(PROVEN, options, "the log signed two histories")
                    : end(
                            NOT_YET_TRUSTED,
                            options,
                            "the keys in this file signed two histories; whose they are, say with --genesis or --log-key");
        } catch (NoteException none) {
            return end(NO_PROOF, options, "no proof of two histories: " + none.getMessage());
        } catch (UncheckableException unknown) {
            return end(NOT_EVALUATED, options, String.valueOf(unknown.getMessage()));
        }
    }

    /** A key that was given is the only one that counts. */
    private static List<VerifierKey> keys(SplitView proof, VerifyOptions options) throws NoteException, UsageException {
        VerifierKey given = options.question().logKey();
        if (given != null) {
            return List.of(given);
        }
        LogDeclaration log = proof.log();
        if (log == null) {
            throw new UsageException(
                    "this file does not hold the log's declaration, so say by which key it is judged: --log-key VKEY"
                            + " (terraseal trust show prints it; so do the log's policy and its earlier bundles' owners)");
        }
        Trust trust = options.question().trust();
        if (trust != null && !trust.genesis().equals(log.genesis())) {
            throw new NoteException(
                    "it is about another log: its genesis is " + log.genesis() + ", you gave " + trust.genesis());
        }
        return log.keys(KeyUse.LOG).stream()
                .filter(key -> key.algorithm() == Algorithm.ED25519_SHA_512)
                .map(key -> VerifierKey.ofLog(log.origin(), key))
                .toList();
    }

    private void say(SplitView.Shown shown, List<VerifierKey> keys, boolean trusted, VerifyOptions options) {
        TreeHead first = shown.first();
        TreeHead second = shown.second();
        if (options.json()) {
            out.println(Json.obj()
                    .put("code", trusted ? PROVEN : NOT_YET_TRUSTED)
                    .put("first", head(first))
                    .put("kind", "split-view")
                    .put(
                            "logKeys",
                            Json.texts(keys.stream().map(VerifierKey::text).toList()))
                    .put("origin", Printable.of(first.origin()))
                    .put("otherRoot", shown.otherRoot().base64())
                    .put("second", head(second))
                    .build()
                    .bytes()
                    .utf8());
            return;
        }
        out.println("Two histories of                " + Printable.of(first.origin()));
        out.println("One checkpoint says             size " + first.size() + " root "
                + first.root().base64());
        out.println("Another says                    size " + second.size() + " root "
                + second.root().base64());
        if (first.size() < second.size()) {
            out.println("Whose first " + first.size() + " entries have root "
                    + shown.otherRoot().base64());
        }
        out.println("Both are signed by              "
                + String.join(" or ", keys.stream().map(VerifierKey::text).toList()));
        out.println("No log that only grows can have signed both, whoever shows this file.");
    }

    private static Json.Obj head(TreeHead head) {
        return Json.obj()
                .put("root", head.root().base64())
                .put("size", head.size())
                .build();
    }

    private int end(int code, VerifyOptions options, String meaning) {
        if (options.json() && code != PROVEN && code != NOT_YET_TRUSTED) {
            out.println(Json.obj()
                    .put("code", code)
                    .put("kind", "split-view")
                    .put("message", Printable.of(meaning))
                    .build()
                    .bytes()
                    .utf8());
        }
        out.flush();
        err.println("terraseal verify: exit " + code + ": " + Printable.of(meaning));
        err.flush();
        return code;
    }
}
