package dev.terraseal.schemas;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.statement.Rejection;
import dev.terraseal.schemas.avro.AvroInput;
import dev.terraseal.schemas.avro.AvroOutput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value of {@code terraseal.outcomes}: the answer to an event that made no new entry.
 *
 * @param sourceOffset of the event on {@code terraseal.events}
 * @param stream null where the record did not say one that can be read; so is {@code id}
 * @param sequence of the entry that has this stream and id already, or null
 * @param reason the code of a rejection, or null
 * @param content digest of what was submitted, where it could be computed
 * @param originalContent digest of what has this stream and id already, or null
 */
public record OutcomeRecord(
        long sourceOffset,
        @Nullable StreamId stream,
        @Nullable EventId id,
        Kind outcome,
        @Nullable SequenceNumber sequence,
        @Nullable String reason,
        @Nullable String message,
        @Nullable Digest content,
        @Nullable Digest originalContent) {

    /** What became of the event. */
    public enum Kind {
        DUPLICATE,
        REJECTED;

        /** In the order of the Avro enum's symbols. */
        private static final List<Kind> SYMBOLS = List.of(DUPLICATE, REJECTED);
    }

    /** The same event again: it has {@code original} as its sequence. */
    public static OutcomeRecord duplicate(
            long sourceOffset, StreamId stream, EventId id, SequenceNumber original, Digest content) {
        return new OutcomeRecord(sourceOffset, stream, id, Kind.DUPLICATE, original, null, null, content, content);
    }

    public static OutcomeRecord rejected(
            long sourceOffset, @Nullable StreamId stream, @Nullable EventId id, Rejection rejection) {
        return new OutcomeRecord(
                sourceOffset,
                stream,
                id,
                Kind.REJECTED,
                null,
                rejection.reason().code(),
                rejection.message(),
                null,
                null);
    }

    /** The same id with other content: both digests, and the sequence of the one that was first. */
    public static OutcomeRecord conflict(
            long sourceOffset,
            StreamId stream,
            EventId id,
            Rejection rejection,
            SequenceNumber original,
            Digest content,
            Digest originalContent) {
        return new OutcomeRecord(
                sourceOffset,
                stream,
                id,
                Kind.REJECTED,
                original,
                rejection.reason().code(),
                rejection.message(),
                content,
                originalContent);
    }

    public byte[] encode(int schemaId) {
        AvroOutput out = AvroOutput.framed(schemaId, 256).number(sourceOffset);
        text(out, stream == null ? null : stream.value());
        text(out, id == null ? null : id.value());
        out.index(Kind.SYMBOLS.indexOf(outcome));
        if (out.present(sequence) && sequence != null) {
            out.number(sequence.value());
        }
        text(out, reason);
        text(out, message == null ? null : RejectedRecord.shortened(message));
        digest(out, content);
        digest(out, originalContent);
        return out.toByteArray();
    }

    /** Reads what {@link #encode} writes; anything else is an {@link IllegalArgumentException} naming the position. */
    public static OutcomeRecord decode(byte[] framed) {
        AvroInput in = AvroInput.framed(framed);
        OutcomeRecord record = new OutcomeRecord(
                in.readLong(),
                in.readPresent() ? new StreamId(in.readText()) : null,
                in.readPresent() ? new EventId(in.readText()) : null,
                Kind.SYMBOLS.get(in.readIndex(2)),
                in.readPresent() ? new SequenceNumber(in.readLong()) : null,
                in.readPresent() ? in.readText() : null,
                in.readPresent() ? in.readText() : null,
                in.readPresent() ? in.readDigest() : null,
                in.readPresent() ? in.readDigest() : null);
        in.expectEnd();
        return record;
    }

    private static void text(AvroOutput out, @Nullable String value) {
        if (out.present(value) && value != null) {
            out.text(value);
        }
    }

    private static void digest(AvroOutput out, @Nullable Digest value) {
        if (out.present(value) && value != null) {
            out.fixed(value);
        }
    }
}
