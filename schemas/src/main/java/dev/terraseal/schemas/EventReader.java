package dev.terraseal.schemas;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.CanonicalBuffer;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.RejectionReason;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.schemas.avro.AvroInput;
import dev.terraseal.schemas.avro.AvroToJson;
import dev.terraseal.schemas.avro.RefusedDataException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of an Event in the order of its schema, checks each where it stands, and writes its JSON parts one
 * after the other into one buffer.
 */
final class EventReader {
    /** The type of each branch of the union {@code body}, in the schema's order. */
    static final List<PredicateType> BODY_TYPES = List.of(
            PredicateType.TERRAFORM_APPLY,
            PredicateType.TERRAFORM_PLAN,
            PredicateType.RECORDED,
            PredicateType.KEY_EVENT,
            PredicateType.HEADS);

    private static final byte[][] TYPE_URIS = BODY_TYPES.stream()
            .map(type -> type.uri().getBytes(StandardCharsets.US_ASCII))
            .toArray(byte[][]::new);
    private static final int ID_MAX = 128;
    private static final int STREAM_MAX = 256;

    private static final Schema EVENT = TopicSchemas.EVENT.schema();
    private static final Schema SOURCE = present(EVENT, "source");
    private static final AvroToJson SUBJECT =
            AvroToJson.compile(EVENT.getField("subjects").schema().getElementType());
    private static final AvroToJson[] BODIES = EVENT.getField("body").schema().getTypes().stream()
            .map(AvroToJson::compile)
            .toArray(AvroToJson[]::new);
    private static final AvroToJson CLAIMED = AvroToJson.compile(present(SOURCE, "claimed"));
    private static final AvroToJson VERIFIED = AvroToJson.compile(present(SOURCE, "verified"));
    private static final AvroToJson VERIFIED_BY = AvroToJson.compile(present(SOURCE, "verifiedBy"));
    private static final AvroToJson SEEN_CHECKPOINT = AvroToJson.compile(present(EVENT, "seenCheckpoint"));

    private final AvroInput in = new AvroInput();
    private final CanonicalBuffer out = new CanonicalBuffer(8192);
    private @Nullable StreamId stream;
    private @Nullable EventId id;

    private static Schema present(Schema record, String field) {
        return record.getField(field).schema().getTypes().get(1);
    }

    void forget() {
        stream = null;
        id = null;
    }

    @Nullable StreamId stream() {
        return stream;
    }

    @Nullable EventId id() {
        return id;
    }

    Event read(byte[] avro, int from, int to) {
        in.reset(avro, from, to);
        out.reset();
        EventId readId = readId();
        id = readId;
        StreamId readStream = readStream();
        stream = readStream;
        PredicateType type = readType();
        Timestamp occurredAt = readTime();
        int subjectCount = writeSubjects();
        Bytes subjects = slice(0);
        int bodyFrom = out.position();
        writeBody(type);
        Bytes body = slice(bodyFrom);
        int sourceFrom = out.position();
        Bytes claimedPart = in.readPresent() ? writeSource() : null;
        Bytes source = out.position() == sourceFrom ? null : slice(sourceFrom);
        Bytes salt = in.readPresent() ? readSalt() : null;
        Bytes seen = in.readPresent() ? writeSeenCheckpoint() : null;
        in.expectEnd();
        Event event = new Event(type, readStream, readId, occurredAt, subjects, body, source, claimedPart, salt, seen);
        EventRules.require(event, subjectCount);
        return event;
    }

    private EventId readId() {
        String text = readName(ID_MAX, "id", RejectionReason.BAD_ID);
        try {
            return new EventId(text);
        } catch (IllegalArgumentException notAnId) {
            throw RefusedDataException.because(RejectionReason.BAD_ID, notAnId).within("id");
        }
    }

    private StreamId readStream() {
        String text = readName(STREAM_MAX, "stream", RejectionReason.BAD_STREAM);
        try {
            return new StreamId(text);
        } catch (IllegalArgumentException notAStream) {
            throw RefusedDataException.because(RejectionReason.BAD_STREAM, notAStream)
                    .within("stream");
        }
    }

    /** Names are ASCII; other bytes become characters that the name's own form then refuses. */
    private String readName(int limit, String member, RejectionReason reason) {
        int length = in.readLength();
        if (length > limit) {
            throw new RefusedDataException(reason, length + " bytes, where at most " + limit + " may be")
                    .within(member);
        }
        return new String(in.data(), in.take(length), length, StandardCharsets.ISO_8859_1);
    }

    private PredicateType readType() {
        int length = in.readLength();
        int from = in.take(length);
        for (int i = 0; i < TYPE_URIS.length; i++) {
            byte[] uri = TYPE_URIS[i];
            if (java.util.Arrays.equals(in.data(), from, from + length, uri, 0, uri.length)) {
                return BODY_TYPES.get(i);
            }
        }
        String shown = new String(in.data(), from, Math.min(length, 120), StandardCharsets.UTF_8);
        throw new RefusedDataException(
                        RejectionReason.UNKNOWN_TYPE,
                        "'" + shown + "' is not in the closed list of types; submit a foreign attestation as "
                                + PredicateType.RECORDED.uri())
                .within("type");
    }

    private Timestamp readTime() {
        long millis = in.readLong();
        if (!Timestamp.isWritable(millis)) {
            throw new RefusedDataException(
                            RejectionReason.BAD_TIME,
                            millis + " ms from 1970 lies outside the years 0001 to 9999; write UTC milliseconds")
                    .within("occurredAt");
        }
        return new Timestamp(millis);
    }

    private int writeSubjects() {
        int count = 0;
        out.raw((byte) '[');
        try {
            for (int block = in.readBlock(); block > 0; block = in.readBlock()) {
                if (count + block > Statement.SUBJECTS_MAX) {
                    throw new RefusedDataException(
                            RejectionReason.BAD_SUBJECTS,
                            "more than 1,000 subjects; name one attachment that lists them");
                }
                for (int i = 0; i < block; i++, count++) {
                    if (count > 0) {
                        out.raw((byte) ',');
                    }
                    SUBJECT.write(in, out);
                }
            }
        } catch (RefusedDataException e) {
            throw (e.reason() == RejectionReason.BAD_SUBJECTS ? e : e.within(Integer.toString(count)))
                    .within("subjects");
        }
        out.raw((byte) ']');
        return count;
    }

    private void writeBody(PredicateType type) {
        int branch = in.readIndex(BODIES.length);
        if (BODY_TYPES.get(branch) != type) {
            throw new RefusedDataException(
                            RejectionReason.BODY_MISMATCH,
                            "the body is one of " + BODY_TYPES.get(branch).uri() + ", the type says " + type.uri())
                    .within("body");
        }
        write(BODIES[branch], "body");
    }

    /** Returns the part {@code claimed} by itself. */
    private @Nullable Bytes writeSource() {
        int from = out.position();
        Bytes claimedPart = null;
        try {
            out.raw((byte) '{');
            if (in.readPresent()) {
                out.ascii("\"claimed\":");
                int claimedFrom = out.position();
                write(CLAIMED, "claimed");
                claimedPart = slice(claimedFrom);
            }
            boolean hasVerified = in.readPresent();
            if (hasVerified) {
                out.ascii(claimedPart == null ? "\"verified\":" : ",\"verified\":");
                write(VERIFIED, "verified");
            }
            boolean hasVerifiedBy = in.readPresent();
            if (hasVerifiedBy) {
                out.ascii(out.position() == from + 1 ? "\"verifiedBy\":" : ",\"verifiedBy\":");
                write(VERIFIED_BY, "verifiedBy");
            }
            out.raw((byte) '}');
            if (hasVerified != hasVerifiedBy) {
                throw new RefusedDataException(
                        RejectionReason.UNAUTHENTICATED_IDENTITY,
                        "verified and verifiedBy come together or not at all; what a producer says of itself belongs into claimed");
            }
            return claimedPart;
        } catch (RefusedDataException e) {
            throw e.within("source");
        }
    }

    private Bytes readSalt() {
        int from = in.take(Event.SALT_BYTES);
        return Bytes.copyOf(in.data(), from, from + Event.SALT_BYTES);
    }

    private Bytes writeSeenCheckpoint() {
        int from = out.position();
        write(SEEN_CHECKPOINT, "seenCheckpoint");
        return slice(from);
    }

    private void write(AvroToJson part, String member) {
        try {
            part.write(in, out);
        } catch (RefusedDataException e) {
            throw e.within(member);
        }
        if (out.position() > Statement.BYTES_MAX) {
            throw new RefusedDataException(
                            RejectionReason.TOO_LARGE,
                            "the statement would pass " + Statement.BYTES_MAX
                                    + " bytes here; submit what is large as an attachment and name its digest")
                    .within(member);
        }
    }

    private Bytes slice(int from) {
        return out.slice(from, out.position());
    }
}
