package dev.terraseal.schemas;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.RejectionReason;
import dev.terraseal.schemas.avro.RefusedDataException;

/** The rules of an event that look at more than one field, or into one, and need no knowledge of the log. */
final class EventRules {
    /** The id of the control record that asks for a heads entry. */
    static final String TICK = "tick";

    private EventRules() {}

    static void require(Event event, int subjects) {
        requireStream(event);
        if (event.type() == PredicateType.HEADS) {
            requireTick(event, subjects);
            return;
        }
        if (subjects == 0) {
            throw new RefusedDataException(
                            RejectionReason.BAD_SUBJECTS,
                            "no subject; name what the event is about and its SHA-256, for an apply the saved plan")
                    .within("subjects");
        }
        if (event.body().length() == 2) {
            throw new RefusedDataException(RejectionReason.BAD_VALUE, "an empty body says nothing").within("body");
        }
        if (event.type() == PredicateType.RECORDED) {
            requireRecorded(event.body());
        }
        Bytes seen = event.seenCheckpoint();
        if (seen != null) {
            requireSeenCheckpoint(seen);
        }
    }

    private static void requireStream(Event event) {
        StreamId belongs = switch (event.type()) {
            case HEADS -> StreamId.LOG;
            case KEY_EVENT -> StreamId.KEYS;
            default -> null;
        };
        boolean right = belongs == null ? !event.stream().isReserved() : belongs.equals(event.stream());
        if (!right) {
            String mend = belongs == null
                    ? "streams that begin with '_' belong to the log itself; choose another name"
                    : "an event of " + event.type().uri() + " belongs on the stream " + belongs;
            throw new RefusedDataException(RejectionReason.RESERVED_STREAM, mend).within("stream");
        }
    }

    private static void requireTick(Event event, int subjects) {
        boolean bare = subjects == 0
                && event.source() == null
                && event.salt() == null
                && event.seenCheckpoint() == null
                && event.id().value().equals(TICK);
        if (!bare) {
            throw new RefusedDataException(
                            RejectionReason.RESERVED_STREAM,
                            "the log writes its heads entries itself; the record that asks for one has the id tick and nothing in it")
                    .within("stream");
        }
    }

    /** Our signature says that exactly these bytes were recorded, so the digest must be theirs. */
    private static void requireRecorded(Bytes body) {
        try {
            Json.Obj recorded = CanonicalJson.parseObject(body);
            if (!Digest.of(recorded.base64("bytes")).equals(recorded.digest("sha256"))) {
                throw new IllegalArgumentException("sha256 is not the digest of bytes");
            }
        } catch (IllegalArgumentException wrong) {
            throw RefusedDataException.because(RejectionReason.BAD_VALUE, wrong).within("body");
        }
    }

    private static void requireSeenCheckpoint(Bytes seen) {
        try {
            Json.Obj checkpoint = CanonicalJson.parseObject(seen);
            Digest.fromBytes(checkpoint.base64("root"));
            if (checkpoint.number("size") < 0) {
                throw new IllegalArgumentException("a negative size");
            }
        } catch (IllegalArgumentException wrong) {
            throw RefusedDataException.because(RejectionReason.BAD_VALUE, wrong).within("seenCheckpoint");
        }
    }
}
