package dev.terraseal.core.statement;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.CanonicalBuffer;
import java.security.MessageDigest;

/**
 * Writes the bytes of a Statement from canonical parts, members in canonical order and nothing parsed. What it writes is
 * what {@link Statement#parse} accepts. Holds a reused buffer: one instance a thread.
 */
public final class StatementWriter {
    private static final SequenceNumber LARGEST = new SequenceNumber((1L << 53) - 1);

    private final CanonicalBuffer out = new CanonicalBuffer(8192);
    private final CanonicalBuffer content = new CanonicalBuffer(8192);
    private final MessageDigest sha256 = Digest.sha256();

    /** The content digest of {@code event}, computed in this writer's buffer. */
    public Digest contentDigest(Event event) {
        return event.contentDigest(content, sha256);
    }

    /** SHA-256 of {@code statement}, which for a whole statement is its entry hash. */
    public Digest entryHash(Bytes statement) {
        statement.update(sha256);
        return Digest.finish(sha256);
    }

    public Bytes write(Event event, Digest contentDigest, ChainLink link, Timestamp receivedAt) {
        out.reset();
        out.ascii("{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicate\":{\"body\":")
                .raw(event.body());
        chain(event, link);
        event(event, contentDigest, receivedAt);
        out.ascii("},\"predicateType\":\"").ascii(event.type().uri());
        out.ascii("\",\"subject\":").raw(event.subjects()).raw((byte) '}');
        return out.toBytes();
    }

    private void chain(Event event, ChainLink link) {
        out.ascii(",\"chain\":{\"log\":\"").ascii(link.log().value());
        out.ascii("\",\"prevHash\":").hexString(link.prevHash());
        out.ascii(",\"sequence\":").number(link.sequence().value());
        out.ascii(",\"stream\":{\"id\":\"").ascii(event.stream().value());
        out.ascii("\",\"prevHash\":").hexString(link.streamPrevHash());
        out.ascii(",\"sequence\":").number(link.streamSequence().value());
        out.ascii("}}");
    }

    private void event(Event event, Digest contentDigest, Timestamp receivedAt) {
        out.ascii(",\"event\":{\"contentSha256\":").hexString(contentDigest);
        out.ascii(",\"id\":\"").ascii(event.id().value());
        out.ascii("\",\"occurredAt\":").time(event.occurredAt().epochMillis());
        out.ascii(",\"receivedAt\":").time(receivedAt.epochMillis());
        if (event.salt() != null) {
            out.ascii(",\"salt\":").hexString(event.salt().toByteArray(), 0, Event.SALT_BYTES);
        }
        if (event.seenCheckpoint() != null) {
            out.ascii(",\"seenCheckpoint\":").raw(event.seenCheckpoint());
        }
        if (event.source() != null) {
            out.ascii(",\"source\":").raw(event.source());
        }
        out.raw((byte) '}');
    }

    /** The bytes this event would take with the largest chain member there can be: ingest refuses on it, before the 202. */
    public int largestStatement(Event event, LogOrigin log) {
        Digest any = Digest.of();
        ChainLink largest = new ChainLink(log, LARGEST, any, LARGEST, any);
        return write(event, any, largest, event.occurredAt()).length();
    }
}
