package dev.terraseal.sequencer.state;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.chain.Appended;
import dev.terraseal.core.chain.Chain;
import dev.terraseal.core.chain.Heads;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.index.Answer;
import dev.terraseal.core.index.DuplicateIndex;
import dev.terraseal.core.index.Fingerprint;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Rejection;
import dev.terraseal.core.statement.RejectionReason;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.core.statement.StatementIdentity;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Everything the sequencer remembers of one log. Born empty; filled first from chunks, then from entries of the log,
 * each in order; after that {@link #decide} says what an event becomes and {@link #apply} makes it so. One thread.
 */
public final class LogState {
    private final TopicIds topics;
    private final Limits limits;
    private final EventJudge judge;
    private final Fingerprinting fingerprinting;
    private final Chain chain = new Chain();
    private final Map<StreamId, StreamHead> streams = new HashMap<>();
    private long streamNames;
    private final DuplicateIndex ids = new DuplicateIndex();
    private final Queue<Chunk> unwritten = new ArrayDeque<>();
    private OpenChunk open = new OpenChunk(0);
    private LogHead head;
    private KeyRing keys;
    private long nextSource;

    /** How an event is reduced to what the index holds. A port only so that a test can force collisions. */
    public interface Fingerprinting {
        Fingerprint of(StreamId stream, dev.terraseal.core.bytes.EventId id, Digest contentDigest);
    }

    public LogState(LogDeclaration declaration, TopicIds topics, SignatureChecker checker) {
        this(declaration, topics, checker, Limits.of(declaration), fingerprints());
    }

    LogState(
            LogDeclaration declaration,
            TopicIds topics,
            SignatureChecker checker,
            Limits limits,
            Fingerprinting fingerprinting) {
        this.topics = topics;
        this.limits = limits;
        this.judge = new EventJudge(declaration, checker);
        this.fingerprinting = fingerprinting;
        this.head = LogHead.birth(declaration.origin(), declaration.genesis());
        this.keys = KeyRing.of(declaration);
    }

    private static Fingerprinting fingerprints() {
        java.security.MessageDigest sha256 = Digest.sha256();
        return (stream, id, content) -> Fingerprint.of(sha256, stream, id, content);
    }

    public LogHead head() {
        return head;
    }

    /** Where the events topic goes on after the newest entry; 0 for an empty log. */
    public long nextSource() {
        return nextSource;
    }

    /** The newest entry of the stream of key events, null while it has none. */
    public @Nullable SequenceNumber newestKeyEvent() {
        StreamHead keyEvents = streams.get(StreamId.KEYS);
        return keyEvents == null ? null : keyEvents.newest();
    }

    /** With every key event below {@link #head}. */
    public KeyRing keys() {
        return keys;
    }

    public DuplicateIndex ids() {
        return ids;
    }

    public int streamCount() {
        return streams.size();
    }

    /** Chunks that are full and not in the store yet, oldest first; the caller takes them out as it writes them. */
    public Queue<Chunk> unwritten() {
        return unwritten;
    }

    /** Takes a chunk from the store. Chunks come before entries, in order, without a gap. */
    public void restore(Chunk chunk) {
        if (chunk.first() != head.size()) {
            throw new DamagedLogException("the state store goes on with the chunk from sequence " + chunk.first()
                    + " where the one from " + head.size() + " belongs");
        }
        long sequence = chunk.first();
        for (Fingerprint fingerprint : chunk.fingerprints()) {
            ids.add(fingerprint, sequence++);
        }
        chunk.heads().forEach(this::put);
        for (Chunk.KeyChange change : chunk.keyChanges()) {
            keys = changed(change.body(), change.sequence());
        }
        head = new LogHead(head.origin(), head.genesis(), chunk.next(), chunk.newest());
        nextSource = chunk.nextSource();
        open = new OpenChunk(chunk.next());
    }

    /** Takes the next entry of the log, checking that it follows. */
    public void replay(Entry entry) {
        StatementIdentity read = StatementIdentity.scan(entry.statement());
        StreamHead before = streams.get(read.stream());
        requireFollows(entry, read, before);
        StreamHead stream = new StreamHead(read.streamSequence().value() + 1, read.sequence(), entry.entryHash());
        LogHead log = new LogHead(head.origin(), head.genesis(), head.size() + 1, entry.entryHash());
        Fingerprint fingerprint = fingerprinting.of(read.stream(), read.id(), read.contentDigest());
        if (read.stream().equals(StreamId.KEYS)) {
            dev.terraseal.core.bytes.Bytes body =
                    Statement.parse(entry.statement()).body().bytes();
            keys = changed(body, entry.sequence());
            open.addKeyChange(entry.sequence(), body);
        }
        advance(fingerprint, read.stream(), stream, log, entry.source());
    }

    private void requireFollows(Entry entry, StatementIdentity read, @Nullable StreamHead before) {
        String where = "entry " + entry.sequence() + " of terraseal.sequenced";
        if (entry.sequence() != head.size() || read.sequence().value() != head.size()) {
            throw new DamagedLogException(where + " says sequence " + read.sequence() + " where " + head.size()
                    + " belongs: the topic has a gap or a repetition");
        }
        if (!read.prevHash().equals(head.newest())
                || !Digest.of(entry.statement()).equals(entry.entryHash())) {
            throw new DamagedLogException(where + " does not follow the entry before it: its prevHash is "
                    + read.prevHash() + " and the hash before it is " + head.newest());
        }
        Digest streamBefore = before == null ? head.genesis() : before.entryHash();
        long countBefore = before == null ? 0 : before.count();
        if (read.streamSequence().value() != countBefore
                || !read.streamPrevHash().equals(streamBefore)) {
            throw new DamagedLogException(where + " does not follow the entry before it in stream " + read.stream());
        }
    }

    private KeyRing changed(dev.terraseal.core.bytes.Bytes body, long sequence) {
        try {
            return judge.keysAfter(body, keys, new SequenceNumber(sequence));
        } catch (KeyRing.UnauthorisedException wrong) {
            throw new DamagedLogException("entry " + sequence + " is in the log, but " + wrong.getMessage());
        }
    }

    /**
     * What the event becomes, changing nothing.
     *
     * @param receivedAt when the broker appended it
     */
    public Decision decide(Event event, Timestamp receivedAt) {
        if (EventJudge.isTick(event)) {
            return heads(receivedAt);
        }
        Rejection place = judge.checkPlace(event);
        if (place != null) {
            return Decision.Refuse.of(event, place);
        }
        Digest content = chain.contentDigest(event);
        Rejection identity = judge.checkIdentity(event, content, keys, head.next());
        if (identity != null) {
            return new Decision.Refuse(event, content, -1, identity);
        }
        Fingerprint fingerprint = fingerprinting.of(event.stream(), event.id(), content);
        Answer known = ids.find(fingerprint);
        if (known instanceof Answer.Same same) {
            return new Decision.Duplicate(event, content, same.sequence());
        }
        if (known instanceof Answer.OtherContent other) {
            return new Decision.Refuse(event, content, other.sequence(), conflict(event, content, other));
        }
        return accept(event, content, fingerprint, receivedAt);
    }

    private static Rejection conflict(Event event, Digest content, Answer.OtherContent other) {
        return new Rejection(
                RejectionReason.ID_CONFLICT,
                "id '" + event.id() + "' of stream '" + event.stream() + "' is entry " + other.sequence()
                        + " already, with content sha256 " + other.contentPrefix() + "…; this content is " + content
                        + ". Another event needs another id");
    }

    private Decision accept(Event event, Digest content, Fingerprint fingerprint, Timestamp receivedAt) {
        StreamHead stream = streams.get(event.stream());
        if (stream == null && !event.stream().isReserved() && hasAllStreams()) {
            return new Decision.Refuse(
                    event,
                    content,
                    -1,
                    new Rejection(
                            RejectionReason.TOO_MANY_STREAMS,
                            "the log carries " + streams.size() + " streams with " + streamNames
                                    + " characters of names, as many as it may, and '" + event.stream()
                                    + "' is a new one; use a stream it has, or another log"));
        }
        KeyRing after;
        try {
            after = judge.keysAfter(event, keys, head.next());
        } catch (KeyRing.UnauthorisedException wrong) {
            Rejection why = new Rejection(RejectionReason.UNAUTHORISED_KEY_EVENT, String.valueOf(wrong.getMessage()));
            return new Decision.Refuse(event, content, -1, why);
        }
        Appended appended = chain.append(head, stream, event, content, receivedAt);
        if (appended.statement().length() > limits.statementBytes()) {
            return new Decision.Refuse(
                    event,
                    content,
                    -1,
                    new Rejection(
                            RejectionReason.TOO_LARGE,
                            "its statement has " + appended.statement().length() + " bytes; this log takes "
                                    + limits.statementBytes()
                                    + ". Store the larger part as an attachment and name its digest"));
        }
        return new Decision.Accept(event, appended, fingerprint, after);
    }

    private boolean hasAllStreams() {
        return streams.size() >= limits.streams() || streamNames >= limits.streamNames();
    }

    /** A heads entry, unless nothing but heads entries followed the last one. */
    private Decision heads(Timestamp receivedAt) {
        StreamHead last = streams.get(StreamId.LOG);
        if (head.size() == 0 || last != null && last.newest().value() == head.size() - 1) {
            return new Decision.Nothing();
        }
        Event event = Heads.of(streams).event(head.next(), receivedAt);
        Digest content = chain.contentDigest(event);
        Appended appended = chain.append(head, last, event, content, receivedAt);
        return new Decision.Accept(event, appended, fingerprinting.of(event.stream(), event.id(), content), keys);
    }

    /** Makes an accepted event the newest entry. */
    public void apply(Decision.Accept accepted, long source) {
        Event event = accepted.event();
        Appended appended = accepted.appended();
        if (event.type() == PredicateType.KEY_EVENT) {
            open.addKeyChange(appended.sequence().value(), event.body());
        }
        keys = accepted.keysAfter();
        advance(accepted.fingerprint(), event.stream(), appended.stream(), appended.log(), source);
    }

    private void put(StreamId stream, StreamHead newest) {
        if (streams.put(stream, newest) == null) {
            streamNames += stream.value().length();
        }
    }

    private void advance(Fingerprint fingerprint, StreamId stream, StreamHead after, LogHead log, long source) {
        ids.add(fingerprint, log.size() - 1);
        put(stream, after);
        open.add(fingerprint, stream, after);
        head = log;
        nextSource = source + 1;
        if (open.isFull()) {
            unwritten.add(open.close(head.newest(), nextSource, topics));
        }
    }
}
