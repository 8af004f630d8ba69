package dev.terraseal.core.merkle;

import dev.terraseal.core.bytes.Digest;
import org.jspecify.annotations.Nullable;

/**
 * A proof that does not prove, or a tree that does not hold together: evidence against what was given, never a passing
 * disturbance. Where two roots (or two hashes of one node) differ both are kept.
 */
public final class ProofException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Digest expected;
    private final transient @Nullable Digest computed;

    /** Something is of the wrong form: a count, a size, an index, an absent tile. */
    public ProofException(String message) {
        super(message);
        this.expected = null;
        this.computed = null;
    }

    private ProofException(String message, Digest expected, Digest computed) {
        super(message);
        this.expected = expected;
        this.computed = computed;
    }

    /** What was given leads to another hash than the one it has to lead to. */
    public static ProofException mismatch(String what, Digest expected, Digest computed) {
        return new ProofException(
                what + ": expected " + expected.base64() + " but what was given leads to " + computed.base64(),
                expected,
                computed);
    }

    /** The root that was to be reached, where the failure is a difference. */
    public @Nullable Digest expected() {
        return expected;
    }

    /** The root that was reached, where the failure is a difference. */
    public @Nullable Digest computed() {
        return computed;
    }
}
