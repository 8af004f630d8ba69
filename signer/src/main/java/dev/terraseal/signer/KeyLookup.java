package dev.terraseal.signer;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.signer.SigningWindow.PutOff;
import dev.terraseal.signer.check.RefusedEntryException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which private keys sign what comes next. A key service that does not answer is asked again after a pause, for as long as it
 * takes, as it is for signatures: one that is away for a minute must not end a log. One thread, but for {@link #putOff}.
 */
final class KeyLookup {
    /** The service has been asked for some fifteen seconds by then; whoever waits writes what is finished meanwhile. */
    static final long PAUSE_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(KeyLookup.class);

    private final AttestKeys keys;
    private boolean waiting;
    private long askedAt;
    private volatile PutOff putOff = new PutOff(0, "");

    KeyLookup(AttestKeys keys) {
        this.keys = keys;
    }

    /**
     * The keys of the entry there; null while a key service does not answer. Then the entry waits, and with it all behind it.
     *
     * @param now in milliseconds
     * @throws RefusedEntryException if a key is not where it is looked for, and asking again would not help
     */
    @Nullable List<MessageSigner> at(SequenceNumber sequence, long now) throws RefusedEntryException {
        // A clock that was set back must not lengthen the pause.
        if (waiting && now >= askedAt && now - askedAt < PAUSE_MILLIS) {
            return null;
        }
        try {
            List<MessageSigner> found = keys.at(sequence);
            if (waiting) {
                LOG.info("event=signer_key_found next={}", sequence);
                waiting = false;
                putOff = new PutOff(putOff.count(), "");
            }
            return found;
        } catch (KeyUnavailableException noKey) {
            if (!noKey.retryable()) {
                throw new RefusedEntryException(noKey.getMessage()
                        + ". Name every place its keys are in, separated by commas, and start again; entries wait on"
                        + " terraseal.sequenced, nothing is skipped");
            }
            await(sequence, now, String.valueOf(noKey.getMessage()));
            return null;
        }
    }

    private void await(SequenceNumber sequence, long now, String reason) {
        if (!waiting) {
            // Once; every half minute the watch says that it is still so.
            LOG.warn("event=signer_waits_for_key next={} reason=\"{}\"", sequence, reason);
        }
        waiting = true;
        askedAt = now;
        putOff = new PutOff(putOff.count() + 1, reason);
    }

    /** How often a service did not answer, and what it is waited for now; the latter is empty while it is not. */
    PutOff putOff() {
        return putOff;
    }
}
