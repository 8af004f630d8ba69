package dev.terraseal.verifier.entries;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.ChainLink;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Place and links of entries in ascending order of their leaf index: log, sequence, the link to the entry before, and the
 * same within each stream. What lies before the first entry shown is not known and not asked.
 */
public final class ChainCheck {
    private final Findings findings;
    private final LogDeclaration log;
    private final boolean whole;
    private final boolean contiguous;
    private final Map<StreamId, StreamHead> streams = new HashMap<>();
    private long next;
    private @Nullable Digest newest;
    /** A statement could not be read, so where the streams stand is not known any more. */
    private boolean streamsUnknown;

    /** @param first the leaf index of the first entry; from 0 on, everything before is known to be nothing */
    public ChainCheck(Findings findings, LogDeclaration log, long first) {
        this(findings, log, first, true);
    }

    private ChainCheck(Findings findings, LogDeclaration log, long first, boolean contiguous) {
        this.findings = findings;
        this.log = log;
        this.contiguous = contiguous;
        this.whole = first == 0;
        this.next = first;
        this.newest = first == 0 ? log.genesis() : null;
    }

    /** Of a selection, which the stream holds together: where both links of an entry are broken, that one is told. */
    public static ChainCheck ofSelection(Findings findings, LogDeclaration log, long first) {
        return new ChainCheck(findings, log, first, false);
    }

    /**
     * Goes on where somebody was who had checked every entry below.
     *
     * @param newest the hash of the entry before {@code next}; the genesis where there is none
     * @param streams where every stream stands there
     */
    public static ChainCheck resumed(
            Findings findings, LogDeclaration log, long next, Digest newest, Map<StreamId, StreamHead> streams) {
        ChainCheck check = new ChainCheck(findings, log, 0);
        check.next = next;
        check.newest = newest;
        check.streams.putAll(streams);
        return check;
    }

    /** Where every stream stands below the entry that is asked next; complete only if {@link #knowsAllStreams}. */
    public Map<StreamId, StreamHead> streams() {
        return Collections.unmodifiableMap(streams);
    }

    public boolean knowsAllStreams() {
        return whole && !streamsUnknown;
    }

    /** The statement, or null if it cannot be read as one; {@link #advance} takes it into account. */
    public @Nullable Statement check(Entry entry) {
        if (entry.index().value() != next) {
            newest = null;
            streamsUnknown = true;
        }
        if (entry.bytes().length() > log.statementBytesLimit()) {
            fail(
                    FindingName.MALFORMED,
                    entry,
                    "has " + entry.bytes().length() + " bytes; this log's limit is " + log.statementBytesLimit());
            return null;
        }
        Statement statement = entry.reading().statement();
        if (statement == null) {
            fail(
                    FindingName.MALFORMED,
                    entry,
                    "is not a statement of this log: " + entry.reading().problem());
            return null;
        }
        checkPlace(entry, statement.link());
        if (contiguous) {
            checkLink(entry, statement.link());
            checkStream(entry, statement);
        } else {
            checkStream(entry, statement);
            checkLink(entry, statement.link());
        }
        checkContent(entry, statement);
        return statement;
    }

    private void checkPlace(Entry entry, ChainLink link) {
        if (!link.log().equals(log.origin())) {
            fail(FindingName.OTHER_LOG, entry, "belongs to log " + link.log() + ", not to " + log.origin());
        }
        if (!link.sequence().equals(entry.index())) {
            fail(
                    FindingName.WRONG_PLACE,
                    entry,
                    "says it is entry " + link.sequence() + ", but it lies at " + entry.index());
        }
    }

    private void checkLink(Entry entry, ChainLink link) {
        Digest before = newest;
        if (before != null && !link.prevHash().equals(before)) {
            String what = entry.index().value() == 0
                    ? "its prevHash is " + link.prevHash() + "; the first entry's is the genesis, " + before
                    : "its prevHash is " + link.prevHash() + ", but entry "
                            + (entry.index().value() - 1) + " hashes to " + before;
            fail(FindingName.BROKEN_LINK, entry, what);
        }
    }

    private void checkStream(Entry entry, Statement statement) {
        StreamHead head = streams.get(statement.stream());
        ChainLink link = statement.link();
        long claimed = link.streamSequence().value();
        if (head == null && !knowsAllStreams() && claimed > 0) {
            return;
        }
        long expected = head == null ? 0 : head.count();
        Digest before = head == null ? log.genesis() : head.entryHash();
        if (claimed != expected) {
            // Entries in between may not be shown; that one of them is there twice nothing explains.
            if (!streamsUnknown || claimed < expected) {
                fail(
                        FindingName.BROKEN_STREAM,
                        entry,
                        "says it is entry " + claimed + " of stream " + statement.stream() + ", but entry " + expected
                                + " of that stream comes next");
            }
        } else if (!link.streamPrevHash().equals(before)) {
            fail(
                    FindingName.BROKEN_STREAM,
                    entry,
                    "its link within stream " + statement.stream() + " is " + link.streamPrevHash()
                            + ", but the entry before it there hashes to " + before);
        }
    }

    private void checkContent(Entry entry, Statement statement) {
        StreamId stream = statement.stream();
        boolean heads = statement.type() == PredicateType.HEADS;
        boolean keys = statement.type() == PredicateType.KEY_EVENT;
        if (heads != stream.equals(StreamId.LOG)
                || keys != stream.equals(StreamId.KEYS)
                || stream.isReserved() && !heads && !keys) {
            fail(
                    FindingName.WRONG_PLACE,
                    entry,
                    "is a " + statement.type().uri() + " in stream " + stream
                            + "; reserved streams hold only their own records");
        }
        Digest content = entry.reading().content();
        if (content == null || !content.equals(statement.contentDigest())) {
            fail(
                    FindingName.CONTENT_MISMATCH,
                    entry,
                    "says its content hashes to " + statement.contentDigest() + "; it hashes to " + content);
        }
    }

    /** Takes {@code entry} as the newest; {@code statement} is what {@link #check} returned for it. */
    public void advance(Entry entry, @Nullable Statement statement) {
        next = entry.index().value() + 1;
        newest = entry.entryHash();
        if (statement == null) {
            streamsUnknown = true;
            return;
        }
        streams.put(
                statement.stream(),
                new StreamHead(statement.link().streamSequence().value() + 1, entry.index(), entry.entryHash()));
    }

    private void fail(FindingName name, Entry entry, String message) {
        findings.add(Layer.CHAIN, name, entry.file(), message);
    }
}
