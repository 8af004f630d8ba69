package dev.terraseal.core.chain;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.statement.ChainLink;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.StatementWriter;
import org.jspecify.annotations.Nullable;

/**
 * The chain step: a pure function of the heads, the event and its append time. No clock, no random number and no other
 * input enters it, so whoever repeats it gets the same bytes. One instance a thread, for it reuses buffers.
 */
public final class Chain {
    private final StatementWriter writer = new StatementWriter();

    /**
     * @param stream where the event's stream stands, null for its first entry
     * @param contentDigest {@code event.contentDigest()}, given because the caller needs it before this step
     * @param receivedAt the broker's append time of the event
     */
    public Appended append(
            LogHead log, @Nullable StreamHead stream, Event event, Digest contentDigest, Timestamp receivedAt) {
        SequenceNumber sequence = log.next();
        long count = stream == null ? 0 : stream.count();
        ChainLink link = new ChainLink(
                log.origin(),
                sequence,
                log.newest(),
                new SequenceNumber(count),
                stream == null ? log.genesis() : stream.entryHash());
        Bytes statement = writer.write(event, contentDigest, link, receivedAt);
        Digest entryHash = writer.entryHash(statement);
        return new Appended(
                new LogHead(log.origin(), log.genesis(), log.size() + 1, entryHash),
                new StreamHead(count + 1, sequence, entryHash),
                sequence,
                statement,
                entryHash);
    }

    public Appended append(LogHead log, @Nullable StreamHead stream, Event event, Timestamp receivedAt) {
        return append(log, stream, event, writer.contentDigest(event), receivedAt);
    }

    /** The content digest of {@code event}, in this instance's buffers. */
    public Digest contentDigest(Event event) {
        return writer.contentDigest(event);
    }
}
