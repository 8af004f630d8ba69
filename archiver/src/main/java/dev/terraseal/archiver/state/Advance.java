package dev.terraseal.archiver.state;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.chain.Heads;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.KeyRing.UnauthorisedException;
import dev.terraseal.core.statement.ChainLink;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Entries that extend the log, each checked as if no stage before had: place, chain, stream chain, signatures, and what
 * heads entries and key events say. A stage that was taken over can then change neither order nor bytes unseen.
 */
public final class Advance {
    private final LogState from;
    private final Map<StreamId, StreamHead> moved = new HashMap<>();
    private LogHead head;
    private KeyRing keys;

    Advance(LogState from) {
        this.from = from;
        this.head = from.head();
        this.keys = from.keys();
    }

    /** The head after what was checked so far. */
    public LogHead head() {
        return head;
    }

    /** The keys after what was checked so far. */
    public KeyRing keys() {
        return keys;
    }

    /** @throws BrokenEntryException if {@code alone} is not the next entry of this log; nothing has moved then */
    public CheckedEntry check(LoneCheck alone) throws BrokenEntryException {
        Statement statement = alone.statement(head.size());
        requirePlace(statement);
        from.signatures.require(alone, statement, keys);
        Heads heads = statement.type() == PredicateType.HEADS ? requireHeads(statement) : null;
        KeyRing after = statement.type() == PredicateType.KEY_EVENT ? requireKeyEvent(statement) : keys;

        Digest entryHash = statement.entryHash();
        long count = statement.link().streamSequence().value() + 1;
        moved.put(statement.stream(), new StreamHead(count, statement.sequence(), entryHash));
        head = new LogHead(head.origin(), head.genesis(), head.size() + 1, entryHash);
        keys = after;
        return new CheckedEntry(alone.entry(), statement, heads);
    }

    /** Keeps what was checked: it is archived. */
    public void commit() {
        from.move(head, moved, keys);
    }

    private void requirePlace(Statement statement) throws BrokenEntryException {
        long expected = head.size();
        ChainLink link = statement.link();
        if (!link.log().equals(head.origin())) {
            throw new BrokenEntryException(expected, "belongs to log " + link.log() + ", not to " + head.origin());
        }
        if (link.sequence().value() != expected) {
            throw new BrokenEntryException(expected, "is expected here, but the statement is entry " + link.sequence());
        }
        if (!link.prevHash().equals(head.newest())) {
            throw new BrokenEntryException(
                    expected, "follows " + link.prevHash() + ", but the entry before it has hash " + head.newest());
        }
        StreamHead stream = stream(statement.stream());
        long count = stream == null ? 0 : stream.count();
        Digest before = stream == null ? head.genesis() : stream.entryHash();
        if (link.streamSequence().value() != count || !link.streamPrevHash().equals(before)) {
            throw new BrokenEntryException(
                    expected,
                    "is entry " + link.streamSequence() + " of stream " + statement.stream() + " after "
                            + link.streamPrevHash() + ", but the stream has " + count + " entries, the newest "
                            + before);
        }
    }

    private @Nullable StreamHead stream(StreamId id) {
        StreamHead newer = moved.get(id);
        return newer == null ? from.streams.get(id) : newer;
    }

    private Heads requireHeads(Statement statement) throws BrokenEntryException {
        Map<StreamId, StreamHead> all = new HashMap<>(from.streams);
        all.putAll(moved);
        Heads heads = Heads.of(all);
        Json.Obj body = statement.body();
        Json.Obj subject = statement.subjects().objects().get(0);
        boolean holds = statement.stream().equals(StreamId.LOG)
                && body.string("root").equals(heads.root().base64())
                && body.number("streams") == all.size()
                && statement.subjects().items().size() == 1
                && subject.object("digest").digest("sha256").equals(Digest.of(heads.file()));
        if (!holds) {
            throw new BrokenEntryException(
                    statement.sequence().value(),
                    "states heads of " + body.number("streams") + " streams with root " + body.string("root")
                            + ", but the entries below it give " + all.size() + " streams with root "
                            + heads.root().base64());
        }
        return heads;
    }

    private KeyRing requireKeyEvent(Statement statement) throws BrokenEntryException {
        SequenceNumber sequence = statement.sequence();
        if (!statement.stream().equals(StreamId.KEYS)) {
            throw new BrokenEntryException(
                    sequence.value(), "is a key event in stream " + statement.stream() + ", not in " + StreamId.KEYS);
        }
        try {
            return keys.apply(KeyEvent.fromBody(statement.body()), sequence, from.checker);
        } catch (UnauthorisedException | UncheckableException | IllegalArgumentException refused) {
            throw new BrokenEntryException(sequence.value(), "changes keys, but " + refused.getMessage());
        }
    }
}
