package dev.terraseal.core.receipt;

import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.statement.Statement;

/** What a receipt is worth. */
public sealed interface ReceiptCheck {
    /** Every signature is by a key of the log, and it is in the tree of a checkpoint the log signed. */
    record Proven(Statement statement, Checkpoint head) implements ReceiptCheck {}

    /** Signed, and under no checkpoint yet: a later head with another leaf there proves that the log broke its word. */
    record Promised(Statement statement) implements ReceiptCheck {}

    /** Not what it claims to be, or nobody can tell. */
    record Refused(String reason) implements ReceiptCheck {}

    /** Nothing is known about a signature, because this platform cannot check it. */
    record Unknown(String reason) implements ReceiptCheck {}
}
