package dev.terraseal.sequencer.state;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.chain.Appended;
import dev.terraseal.core.index.Fingerprint;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.Rejection;
import org.jspecify.annotations.Nullable;

/** What becomes of one event. Nothing has changed yet: {@link LogState#apply} makes an {@link Accept} true. */
public sealed interface Decision {
    /**
     * The event is the next entry.
     *
     * @param keysAfter the key ring after it, the one before unless the event is a key event
     */
    record Accept(Event event, Appended appended, Fingerprint fingerprint, KeyRing keysAfter) implements Decision {}

    /** The entry {@code sequence} has this stream, id and content already. */
    record Duplicate(Event event, Digest contentDigest, long sequence) implements Decision {}

    /**
     * The event is not accepted.
     *
     * @param event null if the record could not be read as one
     * @param sequence of the entry that has the id, −1 unless the reason is an id conflict
     */
    record Refuse(@Nullable Event event, @Nullable Digest contentDigest, long sequence, Rejection rejection)
            implements Decision {
        /** A refusal that is not about an id. */
        public static Refuse of(@Nullable Event event, Rejection rejection) {
            return new Refuse(event, null, -1, rejection);
        }
    }

    /** A tick that found nothing new since the last heads entry. */
    record Nothing() implements Decision {}
}
