package dev.terraseal.run.client;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.core.receipt.ReceiptCheck;
import dev.terraseal.core.receipt.ReceiptVerification;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a receipt is worth to whoever sent the event. A server may put the right words under a signature that is none.
 *
 * @param genesis what the log's log.json has to hash to; null takes the log, and so its keys, from the receipt itself
 */
public record ReceiptJudge(@Nullable Digest genesis, SignatureChecker checker) {
    /** Checks with the JDK alone: nothing to load for the one receipt of a run. */
    public ReceiptJudge(@Nullable Digest genesis) {
        this(genesis, new SignatureChecker(null));
    }

    /** How much a receipt is worth. */
    public enum Worth {
        /** Every signature and proof in it holds. */
        HOLDS,
        /** This platform cannot check one of its signatures. */
        UNKNOWN,
        /** It is not what it claims to be. */
        REFUSED
    }

    /** @param reason empty where all holds */
    public record Verdict(Worth worth, String reason) {}

    /** Whether somebody said which log this has to be. */
    public boolean isPinned() {
        return genesis != null;
    }

    /** Whether the receipt holds by itself. */
    public Verdict judge(Receipt receipt) {
        Digest log = genesis == null ? receipt.log().genesis() : genesis;
        ReceiptCheck check = ReceiptVerification.check(receipt, log, checker);
        if (check instanceof ReceiptCheck.Refused refused) {
            return new Verdict(Worth.REFUSED, Problem.printable(refused.reason(), 500));
        }
        return check instanceof ReceiptCheck.Unknown unknown
                ? new Verdict(Worth.UNKNOWN, Problem.printable(unknown.reason(), 500))
                : new Verdict(Worth.HOLDS, "");
    }

    /** The same, where {@code difference} says in what the receipt is not about what was sent. */
    public Verdict judge(Receipt receipt, Optional<String> difference) {
        return difference.map(what -> new Verdict(Worth.REFUSED, what)).orElseGet(() -> judge(receipt));
    }
}
