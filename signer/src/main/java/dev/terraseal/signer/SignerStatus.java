package dev.terraseal.signer;

/**
 * How the signer is doing. It is well while {@code next} grows or {@code behind} is 0. A key may be taken away at 0 and not
 * before: whatever the signer waits for, entries that are not signed yet count.
 *
 * @param next the sequence of the next attestation
 * @param behind records on {@code sequenced} from {@code next} on, read or not, transaction markers included; {@link
 *     #UNKNOWN} before the end of {@code attestations} was read
 * @param inFlight statements being signed or waiting for their turn
 * @param putOff calls a quota or a network put off since this process began
 * @param lastPutOff why the last time, empty if never; while a key service is waited for, that
 * @param inBatches whether it signs in batches now
 */
public record SignerStatus(
        Phase phase, long next, long behind, int inFlight, long putOff, String lastPutOff, boolean inBatches) {
    /** What it is about. */
    public enum Phase {
        /** Not running yet, between two tries to reach Kafka, or the key service does not say whether it has the key. */
        STARTING,
        /** Waits until {@code sequenced} holds again what was signed before. */
        CATCHING_UP,
        SIGNING,
        STOPPED
    }

    /** No number: 0 would say that nothing waits. */
    public static final long UNKNOWN = -1;

    static final SignerStatus BEFORE_START = new SignerStatus(Phase.STARTING, 0, UNKNOWN, 0, 0, "", false);

    SignerStatus stopped() {
        return new SignerStatus(Phase.STOPPED, next, behind, inFlight, putOff, lastPutOff, inBatches);
    }
}
