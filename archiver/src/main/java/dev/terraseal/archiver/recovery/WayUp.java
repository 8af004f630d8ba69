package dev.terraseal.archiver.recovery;

import dev.terraseal.archiver.LogNotes;
import dev.terraseal.archiver.state.BrokenEntryException;
import dev.terraseal.archiver.state.LoneCheck;
import dev.terraseal.archiver.state.SignatureCheck;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.core.statement.StatementIdentity;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.ArchivedEntry;
import dev.terraseal.store.Segment;
import dev.terraseal.store.StoreException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From a place in the log up, a segment at a time, each under the very name where the one before it ends. A version of a
 * segment counts if it goes on from there and
 *
 * <ul>
 *   <li>the log signed a checkpoint of the size it leads to, and its last entry is signed, for that names the hash of the
 *       one before, and so on down: this is how the log was cut;
 *   <li>or, above the newest checkpoint, every entry is signed: the archiver would adopt it.
 * </ul>
 */
final class WayUp {
    private final ArchiveReader store;
    private final SegmentReader segments;
    private final LogDeclaration log;
    private final SignatureChecker checker;
    private At at;
    private @Nullable At tried;

    /**
     * A place in the log.
     *
     * @param next the sequence that comes next
     * @param newest the hash of the entry before it
     * @param signed the size of the newest checkpoint on the way so far, −1 if there was none
     */
    record At(ArchivedKeys.Found found, long next, Digest newest, long signed) {}

    WayUp(ArchiveReader store, SegmentReader segments, LogDeclaration log, SignatureChecker checker, At from) {
        this.store = store;
        this.segments = segments;
        this.log = log;
        this.checker = checker;
        this.at = from;
    }

    At at() {
        return at;
    }

    /** Goes to the end of the next segment, if there is one. */
    Optional<Segment> next() throws StoreException {
        Optional<Segment> segment = segments.at(new SequenceNumber(at.next()), this::goesOn);
        if (segment.isPresent()) {
            take(segment.get());
        }
        return segment;
    }

    /** Goes as far as there are segments. */
    void toTheEnd() throws StoreException {
        Optional<Segment> segment = next();
        while (segment.isPresent()) {
            segment = next();
        }
    }

    /** Goes to the end of a segment that holds the entry that comes next, if it goes on from here. */
    boolean into(Segment segment) {
        if (!goesOn(segment)) {
            return false;
        }
        take(segment);
        return true;
    }

    private void take(Segment segment) {
        at = Objects.requireNonNull(tried);
        segments.isOurs(segment);
    }

    private boolean goesOn(Segment segment) {
        int from = Math.toIntExact(at.next() - segment.first().value());
        List<ArchivedEntry> entries =
                segment.entries().subList(from, segment.entries().size());
        if (!StatementIdentity.scan(entries.get(0).statement()).prevHash().equals(at.newest())) {
            return false;
        }
        try {
            ArchivedKeys.Found after = at.found();
            for (ArchivedEntry entry : entries) {
                after = after(after, entry);
            }
            boolean signed = isSigned(after, segment.end());
            if (signed) {
                // The keys that an entry brings are in force from the next one on.
                requireSigned(entries.subList(entries.size() - 1, entries.size()), after);
            } else {
                requireSigned(entries, at.found());
            }
            Digest newest = Digest.of(entries.get(entries.size() - 1).statement());
            tried = new At(after, segment.end(), newest, signed ? segment.end() : at.signed());
            return true;
        } catch (BrokenEntryException | IllegalArgumentException notOurs) {
            return false;
        }
    }

    private void requireSigned(List<ArchivedEntry> entries, ArchivedKeys.Found before) throws BrokenEntryException {
        SignatureCheck signatures = new SignatureCheck(log, checker, new Envelopes(store));
        ArchivedKeys.Found found = before;
        for (ArchivedEntry entry : entries) {
            signatures.require(
                    LoneCheck.of(entry, found.ring(), checker), Statement.parse(entry.statement()), found.ring());
            found = after(found, entry);
        }
    }

    private ArchivedKeys.Found after(ArchivedKeys.Found found, ArchivedEntry entry) {
        return StatementIdentity.scan(entry.statement()).stream().equals(StreamId.KEYS)
                ? found.with(Statement.parse(entry.statement()), checker)
                : found;
    }

    private boolean isSigned(ArchivedKeys.Found found, long size) {
        try {
            return store.read(ArchiveNames.checkpoint(size), new LogNotes(found.ring(), checker).ofSize(size))
                    .isPresent();
        } catch (StoreException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
