package dev.terraseal.verifier.receipt;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.verifier.entries.SignatureQueue;
import dev.terraseal.verifier.entries.Workers;
import dev.terraseal.verifier.time.TimeBounds;
import dev.terraseal.verifier.trust.Conclusion;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.Outcome;
import dev.terraseal.verifier.verdict.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts what a receipt is worth into the verdict that everything else has too. */
public final class ReceiptFile {
    private final String file;
    private final Question question;
    private final SignatureChecker checker;
    private final Findings findings;

    public ReceiptFile(String file, Question question, SignatureChecker checker) {
        this.file = file;
        this.question = question;
        this.checker = checker;
        this.findings = new Findings(question.all());
    }

    /** Judges the bytes of a receipt. */
    public Verdict judge(Bytes bytes) throws IOException {
        Receipt receipt;
        try {
            receipt = Receipt.parse(bytes);
        } catch (IllegalArgumentException notOne) {
            findings.add(
                    Layer.DECLARATION, FindingName.MALFORMED, file, file + " is not a receipt: " + notOne.getMessage());
            return Conclusion.of(
                    question, findings, "receipt", Verdict.Facts.NONE, List.of(), List.of(), null, TimeBounds.NONE);
        }
        Conclusion.requireTrustedLog(question, receipt.log(), findings);
        if (findings.stopsAt(Layer.DECLARATION)) {
            return verdict(receipt, null);
        }
        try (Workers workers = new Workers()) {
            SignatureQueue queue = new SignatureQueue(findings, checker, workers);
            ReceiptLayers layers = new ReceiptLayers(receipt, file, question, findings, queue);
            layers.judge();
            return verdict(receipt, layers);
        }
    }

    private Verdict verdict(Receipt receipt, @Nullable ReceiptLayers layers) {
        boolean promise = receipt.proof() == null;
        Verdict verdict = Conclusion.of(
                question,
                findings,
                "receipt",
                facts(receipt.log(), layers),
                proven(promise),
                notProven(promise),
                layers == null ? null : layers.seen(),
                TimeBounds.NONE);
        return promise && verdict.outcome() == Outcome.TRUSTED ? promised(verdict) : verdict;
    }

    /** A promise is never trusted: the entry is not shown to be in the log. */
    private static Verdict promised(Verdict verdict) {
        return new Verdict(
                Outcome.PROMISED,
                verdict.kind(),
                verdict.facts(),
                verdict.layers(),
                verdict.findings(),
                verdict.proven(),
                verdict.notProven(),
                List.of("signed, not yet in a checkpoint: ask for the receipt again once one covers it."));
    }

    private static Verdict.Facts facts(LogDeclaration log, @Nullable ReceiptLayers layers) {
        Statement read = layers == null ? null : layers.statement();
        Checkpoint head = layers == null ? null : layers.head();
        return new Verdict.Facts(
                log.origin().value(),
                log.genesis().hex(),
                head == null ? null : Long.valueOf(head.size()),
                head == null ? null : head.root().base64(),
                read == null ? null : Long.valueOf(read.sequence().value()),
                read == null ? null : Long.valueOf(1),
                null);
    }

    private static List<String> proven(boolean promise) {
        String signed = "the statement is byte for byte what a key of this log signed";
        return List.of(promise ? signed : signed + " for its place, under a signed head");
    }

    private static List<String> notProven(boolean promise) {
        List<String> open = new ArrayList<>();
        open.add("that what is recorded is true");
        if (promise) {
            open.add("that the entry is in the log: no checkpoint covers it yet");
        }
        open.add("that no key was withdrawn, at any entry: a receipt shows the key events its maker put in");
        open.add("anything about the entries around it");
        return open;
    }
}
