package dev.terraseal.signer;

import dev.terraseal.core.envelope.Batch;
import dev.terraseal.settings.Settings;
import java.time.Duration;
import java.util.Locale;

/**
 * Whether statements get a signature each or one a batch. Both give the same verdict; a batch takes one call of the key for
 * many statements, and a path of hashes in each of them.
 *
 * @param quota signatures a second that the key is good for; {@link Mode#AUTO} changes over near it
 * @param entries a batch has at most so many
 * @param patience a batch is closed so long after its first statement came, if it is not full before
 */
public record SigningForm(Mode mode, int quota, int entries, Duration patience) {
    /** KMS gives an account 1,000 a second unless it asks for more. */
    private static final int QUOTA = 1_000;

    private static final int ENTRIES = 4_096;
    private static final Duration WAIT = Duration.ofMillis(50);
    private static final Duration WAIT_MAX = Duration.ofMinutes(1);

    /** {@code signer.signing}. */
    public enum Mode {
        EACH,
        BATCH,
        /** Each, and in batches while the key's quota is nearly used up. */
        AUTO
    }

    public SigningForm {
        if (quota < 1 || entries < 2 || entries > Batch.COUNT_MAX || patience.isNegative()) {
            throw new IllegalArgumentException("a batch has 2 to 65,536 entries, and a key at least one call a second");
        }
    }

    /** A signature a statement. */
    public static SigningForm each() {
        return of(Mode.EACH);
    }

    public static SigningForm of(Mode mode) {
        return new SigningForm(mode, QUOTA, ENTRIES, WAIT);
    }

    /** Whether batches may be made, so that there has to be an archive to keep them. */
    public boolean mayBatch() {
        return mode != Mode.EACH;
    }

    /** Reads {@code signer.signing}, {@code signer.quota}, {@code signer.batch-entries} and {@code signer.batch-wait}. */
    public static SigningForm from(Settings settings) {
        Duration wait = settings.duration("signer.batch-wait", WAIT);
        if (wait.compareTo(WAIT_MAX) > 0) {
            settings.problem(
                    "signer.batch-wait", "is longer than " + WAIT_MAX.toSeconds() + " s: receipts wait for it");
            wait = WAIT;
        }
        return new SigningForm(
                mode(settings),
                settings.integer("signer.quota", QUOTA, 1, 1_000_000),
                settings.integer("signer.batch-entries", ENTRIES, 2, (int) Batch.COUNT_MAX),
                wait);
    }

    private static Mode mode(Settings settings) {
        String text = settings.text("signer.signing", "each");
        for (Mode mode : Mode.values()) {
            if (mode.name().toLowerCase(Locale.ROOT).equals(text)) {
                return mode;
            }
        }
        settings.problem("signer.signing", "is '" + text + "', and can be each, batch or auto");
        return Mode.EACH;
    }
}
