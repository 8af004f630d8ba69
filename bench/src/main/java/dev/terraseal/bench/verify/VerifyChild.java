package dev.terraseal.bench.verify;

import dev.terraseal.bench.sequencer.Effort;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.verifier.VerifyMain;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.Trust;
import dev.terraseal.verifier.verdict.Verdict;
import java.nio.file.Path;

/** One measurement in a process of its own, whose heap is limited: {@code floor|verify BUNDLE GENESIS}. */
public final class VerifyChild {
    private VerifyChild() {}

    /** Prints the nanoseconds it took, without the start of the process, and the processor time of the process, with it. */
    public static void main(String[] arguments) throws Exception {
        Path bundle = Path.of(arguments[1]);
        SignatureChecker checker = VerifyMain.checker();
        long begin = System.nanoTime();
        if (arguments[0].equals("floor")) {
            new Floor(bundle, checker).run();
        } else {
            Question question = Question.under(Trust.byGenesis(Digest.fromHex(arguments[2])));
            Verdict verdict = VerifyMain.judge(bundle, question, checker);
            if (verdict.code() != 0) {
                System.err.println(verdict.findings());
                System.exit(1);
            }
        }
        long took = System.nanoTime() - begin;
        System.out.println(took + " " + Effort.here().processorNanos());
    }
}
