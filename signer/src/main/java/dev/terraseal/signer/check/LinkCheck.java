package dev.terraseal.signer.check;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.ChainLink;
import dev.terraseal.core.statement.Statement;

/**
 * Lets through exactly the entries that extend what was signed before, each once: so that there are never two different
 * statements for one sequence under this log's key. Holds the head of what it let through; one thread.
 */
public final class LinkCheck {
    private final LogDeclaration log;
    private LogHead head;

    /** @param head what was signed so far */
    public LinkCheck(LogDeclaration log, LogHead head) {
        this.log = log;
        this.head = head;
    }

    public LogHead head() {
        return head;
    }

    /** The statement of {@code entry}, which may now be signed. After a refusal the head stands where it stood. */
    public Statement accept(Entry entry) throws RefusedEntryException {
        Statement statement = parse(entry);
        requireOneName(entry, statement);
        requireLink(entry, statement.link());
        head = new LogHead(head.origin(), head.genesis(), head.size() + 1, statement.entryHash());
        return statement;
    }

    private Statement parse(Entry entry) throws RefusedEntryException {
        if (entry.statement().length() > log.statementBytesLimit()) {
            throw new RefusedEntryException(
                    entry.offset(),
                    "a statement of " + entry.statement().length() + " bytes, and the log's limit is "
                            + log.statementBytesLimit());
        }
        try {
            return Statement.parse(entry.statement());
        } catch (IllegalArgumentException malformed) {
            throw new RefusedEntryException(
                    entry.offset(),
                    "sequence " + entry.sequence() + " is no statement of this log: " + malformed.getMessage());
        }
    }

    /** The value, the headers and the statement must say the same: whoever reads only one of them is not misled. */
    private static void requireOneName(Entry entry, Statement statement) throws RefusedEntryException {
        Digest hash = statement.entryHash();
        if (!hash.equals(entry.entryHash()) || !hash.equals(entry.headerHash())) {
            throw new RefusedEntryException(
                    entry.offset(),
                    "the statement's SHA-256 is " + hash + ", but the record says " + entry.entryHash()
                            + " and its header " + entry.headerHash());
        }
        if (!statement.sequence().equals(entry.sequence())
                || !statement.sequence().equals(entry.headerSequence())) {
            throw new RefusedEntryException(
                    entry.offset(),
                    "the statement has sequence " + statement.sequence() + ", but the record says " + entry.sequence()
                            + " and its header " + entry.headerSequence());
        }
        if (!statement.stream().equals(entry.stream())) {
            throw new RefusedEntryException(
                    entry.offset(),
                    "the statement is of stream " + statement.stream() + ", but the record says " + entry.stream());
        }
    }

    private void requireLink(Entry entry, ChainLink link) throws RefusedEntryException {
        if (!link.log().equals(head.origin())) {
            throw new RefusedEntryException(
                    entry.offset(), "a statement of log " + link.log() + "; this signer signs for " + head.origin());
        }
        if (link.sequence().value() < head.size()) {
            throw new RefusedEntryException(
                    entry.offset(),
                    "sequence " + link.sequence() + " again: it was signed before, and " + head.next() + " is next");
        }
        if (link.sequence().value() > head.size()) {
            throw new RefusedEntryException(
                    entry.offset(),
                    "sequence " + link.sequence() + " where " + head.next() + " is next: entries are missing");
        }
        if (!link.prevHash().equals(head.newest())) {
            throw new RefusedEntryException(
                    entry.offset(),
                    "sequence " + link.sequence() + " follows " + link.prevHash() + ", but the "
                            + (head.size() == 0 ? "genesis is " : "last entry signed is ") + head.newest());
        }
        boolean first = link.streamSequence().value() == 0;
        if (first != link.streamPrevHash().equals(head.genesis())
                || link.streamSequence().value() > link.sequence().value()) {
            throw new RefusedEntryException(
                    entry.offset(),
                    "entry " + link.streamSequence() + " of its stream follows " + link.streamPrevHash()
                            + ", which cannot be: the genesis is " + head.genesis());
        }
    }
}
