package dev.terraseal.core.keys;

import java.util.Locale;
import java.util.Optional;

/** The one thing a key signs. A verifier refuses a key in another use, so that a signature cannot be carried over. */
public enum KeyUse {
    /** Statements. */
    ATTEST,
    /** Checkpoints. */
    LOG,
    /** Key changes, offline; nothing else. */
    AUTHORITY,
    /** Verified identities of event sources. */
    INGEST,
    /** The seal of a bundle. */
    EXPORT,
    /** Cosignatures of someone else who saw the log grow. */
    WITNESS,
    /** Cosignatures of someone else who read every statement. */
    MONITOR;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<KeyUse> fromText(String text) {
        for (KeyUse use : values()) {
            if (use.text().equals(text)) {
                return Optional.of(use);
            }
        }
        return Optional.empty();
    }
}
