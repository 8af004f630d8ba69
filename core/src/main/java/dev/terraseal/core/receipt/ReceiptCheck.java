package dev.terraseal.core.receipt;

import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.statement.Statement;

/** What a receipt is worth. */
public sealed interface ReceiptCheck {
    /** Signed by a key of the log, and in the tree of a checkpoint the log signed. */
    record Proven(Statement statement, DeclaredKey signer, Checkpoint head, VerifierKey headKey, int seconds)
            implements ReceiptCheck {}

    /** Signed, and under no checkpoint yet: a later head with another leaf there proves that the log broke its word. */
    record Promised(Statement statement, DeclaredKey signer) implements ReceiptCheck {}

    /**
     * Not what it claims to be, or nobody can tell.
     *
     * @param suspect every signature holds, and one is by a key that the receipt itself shows to have been compromised by then
     */
    record Refused(Part part, boolean suspect, String reason) implements ReceiptCheck {}

    /** Nothing is known about a signature, because this platform cannot check it. */
    record Unknown(String reason) implements ReceiptCheck {}

    /** The part of a receipt that does not hold. */
    enum Part {
        LOG,
        STATEMENT,
        /** The key events it shows, by which the keys in force are known. */
        KEY_EVENTS,
        SIGNATURE,
        CHECKPOINT,
        INCLUSION
    }
}
