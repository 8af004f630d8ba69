package dev.terraseal.sequencer.state;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Rejection;
import dev.terraseal.core.statement.RejectionReason;
import org.jspecify.annotations.Nullable;

/** The rules of FORMATS section 2 that need no memory of earlier ids: reserved streams, key events, identities. */
public final class EventJudge {
    static final EventId TICK = new EventId("tick");
    private static final Bytes EMPTY_BODY = Bytes.utf8("{}");

    private final SignatureChecker checker;
    private final VerifiedIdentity identity;

    EventJudge(LogDeclaration log, SignatureChecker checker) {
        this.checker = checker;
        this.identity = new VerifiedIdentity(checker, log.genesis());
    }

    /** Whether this is the control record that asks for a heads entry. */
    public static boolean isTick(Event event) {
        return event.type() == PredicateType.HEADS
                && event.stream().equals(StreamId.LOG)
                && event.id().equals(TICK)
                && event.body().equals(EMPTY_BODY);
    }

    /** Null if the event's stream and type go together. */
    @Nullable Rejection checkPlace(Event event) {
        boolean keyEvent = event.type() == PredicateType.KEY_EVENT;
        boolean forKeys = event.stream().equals(StreamId.KEYS);
        if (event.type() == PredicateType.HEADS
                || keyEvent != forKeys
                || event.stream().isReserved() && !forKeys) {
            return new Rejection(
                    RejectionReason.RESERVED_STREAM,
                    "stream '" + event.stream() + "' with type " + event.type().uri()
                            + ": streams that begin with '_' belong to the log, key events go to '_keys' and nothing else does, heads entries are the sequencer's own; name another stream");
        }
        return null;
    }

    @Nullable Rejection checkIdentity(Event event, Digest contentDigest, KeyRing keys, SequenceNumber index) {
        return identity.check(event, contentDigest, keys, index);
    }

    /** The ring after the event, which is the ring before it for all but key events. */
    KeyRing keysAfter(Event event, KeyRing keys, SequenceNumber index) throws KeyRing.UnauthorisedException {
        return event.type() == PredicateType.KEY_EVENT ? keysAfter(event.body(), keys, index) : keys;
    }

    KeyRing keysAfter(Bytes keyEventBody, KeyRing keys, SequenceNumber index) throws KeyRing.UnauthorisedException {
        try {
            return keys.apply(KeyEvent.fromBody(CanonicalJson.parseObject(keyEventBody)), index, checker);
        } catch (SignatureChecker.UncheckableException missing) {
            throw new KeyRing.UnauthorisedException(String.valueOf(missing.getMessage()));
        } catch (IllegalArgumentException malformed) {
            throw new KeyRing.UnauthorisedException("it cannot be read: " + malformed.getMessage());
        }
    }
}
