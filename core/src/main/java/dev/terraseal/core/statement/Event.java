package dev.terraseal.core.statement;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.CanonicalBuffer;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * An event as it enters a statement: already checked, its parts already canonical.
 *
 * @param subjects JCS array of {@code {digest{sha256}, name}}
 * @param body JCS object, the predicate body
 * @param source JCS object {@code {claimed?, verified?, verifiedBy?}}, or null
 * @param claimed the member {@code claimed} of {@code source} by itself, or null; part of the content digest
 * @param salt 16 random bytes, or null
 * @param seenCheckpoint JCS object, or null
 */
public record Event(
        PredicateType type,
        StreamId stream,
        EventId id,
        Timestamp occurredAt,
        Bytes subjects,
        Bytes body,
        @Nullable Bytes source,
        @Nullable Bytes claimed,
        @Nullable Bytes salt,
        @Nullable Bytes seenCheckpoint) {

    public static final int SALT_BYTES = 16;

    public Event {
        if (salt != null && salt.length() != SALT_BYTES) {
            throw new IllegalArgumentException("a salt has 16 bytes, not " + salt.length());
        }
    }

    /**
     * SHA-256 of JCS {@code {claimed, id, occurredAt, predicate, stream, subjects, type}}: the same (stream, id) with the
     * same digest is the same event. Who was verified, salt and seen checkpoint do not count, for a retry brings others.
     */
    public Digest contentDigest() {
        CanonicalBuffer out = new CanonicalBuffer(body.length() + subjects.length() + 512);
        return contentDigest(out, Digest.sha256());
    }

    /** As {@link #contentDigest()}, in a buffer and with a {@link Digest#sha256()} the caller reuses; both are reset. */
    Digest contentDigest(CanonicalBuffer out, MessageDigest sha256) {
        out.reset();
        out.raw((byte) '{');
        if (claimed != null) {
            out.ascii("\"claimed\":").raw(claimed).raw((byte) ',');
        }
        writeBeforeBody(out, id, occurredAt);
        out.raw(body);
        writeBeforeSubjects(out, stream);
        out.raw(subjects);
        return finish(out, type, sha256);
    }

    /** The content up to the body, and after {@code claimed} if there is one. */
    static void writeBeforeBody(CanonicalBuffer out, EventId id, Timestamp occurredAt) {
        out.ascii("\"id\":\"").ascii(id.value()).ascii("\",\"occurredAt\":").time(occurredAt.epochMillis());
        out.ascii(",\"predicate\":");
    }

    static void writeBeforeSubjects(CanonicalBuffer out, StreamId stream) {
        out.ascii(",\"stream\":\"").ascii(stream.value()).ascii("\",\"subjects\":");
    }

    static Digest finish(CanonicalBuffer out, PredicateType type, MessageDigest sha256) {
        out.ascii(",\"type\":\"").ascii(type.uri()).ascii("\"}");
        return Digest.of(sha256, out.array(), 0, out.position());
    }
}
