package dev.terraseal.schemas;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.schemas.avro.AvroOutput;
import org.jspecify.annotations.Nullable;

/**
 * A value of {@code terraseal.events} before it is sent. The parts are Avro binary of our own schema, so that ingest can
 * add identity and salt without reading them again.
 *
 * @param subjects the array
 * @param body the union, with its index
 * @param claimed the record, or null; so are {@code verified}, {@code verifiedBy} and {@code seenCheckpoint}
 * @param salt 16 bytes, or null
 */
public record EventRecord(
        PredicateType type,
        StreamId stream,
        EventId id,
        Timestamp occurredAt,
        Bytes subjects,
        Bytes body,
        @Nullable Bytes claimed,
        @Nullable Bytes verified,
        @Nullable Bytes verifiedBy,
        @Nullable Bytes salt,
        @Nullable Bytes seenCheckpoint) {

    public EventRecord {
        if (salt != null && salt.length() != Event.SALT_BYTES) {
            throw new IllegalArgumentException("a salt has 16 bytes, not " + salt.length());
        }
    }

    /** The same event with 16 random bytes in it, so that its public entry hash confirms no guess. */
    public EventRecord withSalt(Bytes random) {
        return new EventRecord(
                type, stream, id, occurredAt, subjects, body, claimed, verified, verifiedBy, random, seenCheckpoint);
    }

    /** The same event under an identity that ingest checked, with an ingest key's signature over it. */
    public EventRecord withVerified(VerifiedIdentity identity, IdentitySeal seal) {
        return new EventRecord(
                type,
                stream,
                id,
                occurredAt,
                subjects,
                body,
                claimed,
                identity.avro(),
                seal.avro(),
                salt,
                seenCheckpoint);
    }

    /** Avro binary of {@link TopicSchemas#EVENT}, unframed. */
    public Bytes avro() {
        return write(new AvroOutput(capacity())).toBytes();
    }

    /** The value to send: Confluent framing and Avro. */
    public byte[] encode(int schemaId) {
        return write(AvroOutput.framed(schemaId, capacity())).toByteArray();
    }

    private int capacity() {
        return 512 + subjects.length() + body.length();
    }

    private AvroOutput write(AvroOutput out) {
        out.text(id.value()).text(stream.value()).text(type.uri()).number(occurredAt.epochMillis());
        out.raw(subjects).raw(body);
        if (claimed == null && verified == null && verifiedBy == null) {
            out.index(0);
        } else {
            out.index(1);
            optional(out, claimed);
            optional(out, verified);
            optional(out, verifiedBy);
        }
        optional(out, salt);
        optional(out, seenCheckpoint);
        return out;
    }

    private static void optional(AvroOutput out, @Nullable Bytes part) {
        if (out.present(part) && part != null) {
            out.raw(part);
        }
    }
}
