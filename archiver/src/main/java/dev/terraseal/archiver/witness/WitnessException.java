package dev.terraseal.archiver.witness;

import org.jspecify.annotations.Nullable;

/** A witness did not cosign. Whatever the reason is, the log goes on, and the witness is asked again later. */
public final class WitnessException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean refusal;

    private WitnessException(String message, boolean refusal, @Nullable Throwable cause) {
        super(message, cause);
        this.refusal = refusal;
    }

    /** It could not be asked, or said that it cannot answer now. */
    static WitnessException notNow(String message, Throwable cause) {
        return new WitnessException(message, false, cause);
    }

    /** It answered, and will not cosign this: somebody has to look. */
    static WitnessException refused(String message) {
        return new WitnessException(message, true, null);
    }

    public boolean isRefusal() {
        return refusal;
    }
}
