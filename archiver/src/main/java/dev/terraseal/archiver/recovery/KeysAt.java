package dev.terraseal.archiver.recovery;

import dev.terraseal.archiver.ArchiverStoppedException;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.chain.Heads;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.log.KeyHistory;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.KeyRing.UnauthorisedException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.core.statement.StatementIdentity;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.Segment;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys in force at a checkpoint. Key events are few among many entries: the stream's head names the newest, and the
 * heads files below it name those before, so that the log is not read through.
 */
final class KeysAt {
    private final ArchiveReader store;
    private final SegmentReader segments;
    private final LogDeclaration log;
    private final SignatureChecker checker;

    KeysAt(ArchiveReader store, LogDeclaration log, SignatureChecker checker) {
        this.store = store;
        this.segments = new SegmentReader(store);
        this.log = log;
        this.checker = checker;
    }

    /** The key events up to {@code keys}, the head of the stream {@code _keys}; null if it has no entries. */
    List<KeyHistory.At> events(@Nullable StreamHead keys) throws StoreException {
        List<KeyHistory.At> events = new ArrayList<>();
        for (Statement statement : statements(keys)) {
            try {
                events.add(new KeyHistory.At(statement.sequence(), KeyEvent.fromBody(statement.body())));
            } catch (IllegalArgumentException malformed) {
                throw new ArchiverStoppedException(
                        "entry " + statement.sequence() + " of the archive is no key event: " + malformed.getMessage(),
                        malformed);
            }
        }
        return events;
    }

    /** Their statements, oldest first. */
    List<Statement> statements(@Nullable StreamHead keys) throws StoreException {
        Deque<Statement> events = new ArrayDeque<>();
        if (keys != null) {
            SequenceNumber at = keys.newest();
            Digest hash = keys.entryHash();
            for (long left = keys.count(); left > 0; left--) {
                Statement event = statement(at, hash);
                events.addFirst(event);
                if (left > 1) {
                    hash = event.link().streamPrevHash();
                    at = before(at, hash);
                }
            }
        }
        return List.copyOf(events);
    }

    /** The keys they make of log.json. */
    KeyRing read(@Nullable StreamHead keys) throws StoreException {
        KeyRing ring = KeyRing.of(log);
        for (KeyHistory.At event : events(keys)) {
            try {
                ring = ring.apply(event.event(), event.index(), checker);
            } catch (UnauthorisedException | UncheckableException | IllegalArgumentException refused) {
                throw new ArchiverStoppedException(
                        "entry " + event.index() + " of the archive changes keys, but " + refused.getMessage(),
                        refused);
            }
        }
        return ring;
    }

    private Statement statement(SequenceNumber sequence, Digest hash) throws StoreException {
        Segment segment = segments.containing(
                        sequence, each -> hash(each, sequence).equals(hash))
                .orElseThrow(() -> new ArchiverStoppedException(
                        "the archive does not hold key event " + sequence + " with entry hash " + hash));
        return Statement.parse(segment.entry(sequence).statement());
    }

    private static Digest hash(Segment segment, SequenceNumber sequence) {
        return Digest.of(segment.entry(sequence).statement());
    }

    /** Where the key event with {@code hash} is, below {@code sequence}. */
    private SequenceNumber before(SequenceNumber sequence, Digest hash) throws StoreException {
        Optional<SequenceNumber> heads = store.newestNumbered(ArchiveNames.HEADS, ArchiveNames.JSON_SUFFIX, sequence)
                .flatMap(ArchiveNames::headsSequence);
        long from = 0;
        if (heads.isPresent()) {
            Optional<StreamHead> earlier = keysIn(heads.get());
            if (earlier.isPresent() && earlier.get().entryHash().equals(hash)) {
                return earlier.get().newest();
            }
            from = heads.get().value();
        }
        Optional<SequenceNumber> between = search(from, sequence.value(), hash);
        return between.isPresent()
                ? between.get()
                : search(0, sequence.value(), hash)
                        .orElseThrow(() -> new ArchiverStoppedException(
                                "the archive does not hold the key event with entry hash " + hash));
    }

    private Optional<StreamHead> keysIn(SequenceNumber heads) throws StoreException {
        Optional<Bytes> file =
                store.read(ArchiveNames.heads(heads), Validity.any()).map(Stored::content);
        try {
            return file.flatMap(content ->
                    Optional.ofNullable(Heads.parseFile(content).streams().get(StreamId.KEYS)));
        } catch (IllegalArgumentException planted) {
            return Optional.empty();
        }
    }

    /** Several key events between two heads entries: read what lies between. */
    private Optional<SequenceNumber> search(long from, long to, Digest hash) throws StoreException {
        for (long at = from; at < to; ) {
            Optional<Segment> segment = segments.containing(new SequenceNumber(at), each -> true);
            if (segment.isEmpty()) {
                return Optional.empty();
            }
            for (long end = Math.min(segment.get().end(), to); at < end; at++) {
                Bytes statement = segment.get().entry(new SequenceNumber(at)).statement();
                if (StatementIdentity.scan(statement).stream().equals(StreamId.KEYS)
                        && Digest.of(statement).equals(hash)) {
                    return Optional.of(new SequenceNumber(at));
                }
            }
        }
        return Optional.empty();
    }
}
