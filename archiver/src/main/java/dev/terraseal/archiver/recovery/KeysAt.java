package dev.terraseal.archiver.recovery;

import dev.terraseal.archiver.ArchiverStoppedException;
import dev.terraseal.core.bytes.Digest;
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
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys in force at a checkpoint. Key events are few among many entries: the stream's head names the newest, and the
 * heads entries below it name those before, so that the log is not read through.
 */
final class KeysAt {
    private final SegmentReader segments;
    private final HeadsFiles files;
    private final LogDeclaration log;
    private final SignatureChecker checker;

    KeysAt(ArchiveReader store, SegmentReader segments, LogDeclaration log, SignatureChecker checker) {
        this.segments = segments;
        this.files = new HeadsFiles(store);
        this.log = log;
        this.checker = checker;
    }

    /** The key events up to {@code keys}, the head of the stream {@code _keys}; null if it has no entries. */
    private List<KeyHistory.At> events(@Nullable StreamHead keys) throws StoreException {
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
            WayDown way = new WayDown(segments, keys.newest(), keys.entryHash());
            events.addFirst(parsed(way.next(), keys.entryHash()));
            while (events.size() < keys.count()) {
                Digest wanted = events.getFirst().link().streamPrevHash();
                way = before(way, events, wanted);
            }
        }
        return List.copyOf(events);
    }

    /**
     * Finds the key event with hash {@code wanted} and puts it first: on the way down, or where the next heads entry on that
     * way says it is.
     */
    private WayDown before(WayDown from, Deque<Statement> events, Digest wanted) throws StoreException {
        WayDown way = from;
        while (!way.isDone()) {
            WayDown.Step step = way.next().orElseThrow(() -> missing(wanted));
            if (step.hash().equals(wanted)) {
                events.addFirst(Statement.parse(step.statement()));
                return way;
            }
            Optional<Heads> heads = files.of(step.statement());
            if (heads.isPresent()) {
                StreamHead earlier = heads.get().streams().get(StreamId.KEYS);
                if (earlier == null || !earlier.entryHash().equals(wanted)) {
                    throw missing(wanted);
                }
                way = new WayDown(segments, earlier.newest(), earlier.entryHash());
            }
        }
        throw missing(wanted);
    }

    private static Statement parsed(Optional<WayDown.Step> step, Digest hash) {
        return Statement.parse(step.orElseThrow(() -> missing(hash)).statement());
    }

    private static ArchiverStoppedException missing(Digest hash) {
        return new ArchiverStoppedException("the archive does not hold the key event with entry hash " + hash
                + ": check it with terraseal verify, and put back what is missing from a copy");
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
}
