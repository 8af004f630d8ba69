package dev.terraseal.bench.sequencer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.schemas.DecodedEvent;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Events whose parts are canonical already, each behind its length: what remains of the sequencer is chain and duplicate
 * detection.
 */
final class RawEvents {
    private RawEvents() {}

    static byte[] encode(Event event) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(2048);
        out.writeBytes(ByteBuffer.allocate(Long.BYTES)
                .putLong(event.occurredAt().epochMillis())
                .array());
        part(out, Bytes.utf8(event.stream().value()));
        part(out, Bytes.utf8(event.id().value()));
        part(out, event.subjects());
        part(out, event.body());
        part(out, event.source());
        part(out, event.claimed());
        return out.toByteArray();
    }

    private static void part(ByteArrayOutputStream out, @Nullable Bytes part) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .putInt(part == null ? -1 : part.length())
                .array());
        if (part != null) {
            out.writeBytes(part.toByteArray());
        }
    }

    static DecodedEvent decode(byte @Nullable [] value) {
        if (value == null) {
            throw new IllegalArgumentException("a raw event without a value");
        }
        ByteBuffer in = ByteBuffer.wrap(value);
        Timestamp occurredAt = new Timestamp(in.getLong());
        StreamId stream = new StreamId(text(in, value));
        EventId id = new EventId(text(in, value));
        Bytes subjects = required(in, value);
        Bytes body = required(in, value);
        return new DecodedEvent.Decoded(new Event(
                PredicateType.TERRAFORM_APPLY,
                stream,
                id,
                occurredAt,
                subjects,
                body,
                part(in, value),
                part(in, value),
                null,
                null));
    }

    private static String text(ByteBuffer in, byte[] value) {
        int length = in.getInt();
        String text = new String(value, in.position(), length, StandardCharsets.ISO_8859_1);
        in.position(in.position() + length);
        return text;
    }

    private static Bytes required(ByteBuffer in, byte[] value) {
        Bytes part = part(in, value);
        if (part == null) {
            throw new IllegalArgumentException("a raw event without subjects or body");
        }
        return part;
    }

    private static @Nullable Bytes part(ByteBuffer in, byte[] value) {
        int length = in.getInt();
        if (length < 0) {
            return null;
        }
        Bytes part = Bytes.copyOf(value, in.position(), in.position() + length);
        in.position(in.position() + length);
        return part;
    }
}
