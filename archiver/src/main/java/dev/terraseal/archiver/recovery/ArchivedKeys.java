package dev.terraseal.archiver.recovery;

import dev.terraseal.archiver.ArchiverStoppedException;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.log.KeyHistory;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.KeyRing.UnauthorisedException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.ArchivedEntry;
import dev.terraseal.store.Segment;
import dev.terraseal.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The key events an archive holds, up to its newest segment, found before any checkpoint can be opened: which key signs
 * checkpoints they say themselves. Each counts because the authority signed it. What may be wrong is that some are missed,
 * where segments or heads files were planted; whoever then refuses a checkpoint goes on from an older one.
 */
public final class ArchivedKeys {
    private static final SequenceNumber ANY = new SequenceNumber((1L << 53) - 1);

    private final ArchiveReader store;
    private final LogDeclaration log;
    private final SignatureChecker checker;
    private final SegmentReader segments;

    public ArchivedKeys(ArchiveReader store, LogDeclaration log, SignatureChecker checker) {
        this.store = store;
        this.log = log;
        this.checker = checker;
        this.segments = new SegmentReader(store);
    }

    /**
     * The key events and the keys they make of log.json.
     *
     * @param statements the entries that carry them
     */
    public record Found(KeyHistory history, KeyRing ring, List<Bytes> statements) {
        public Found {
            statements = List.copyOf(statements);
        }
    }

    public Found read() throws StoreException {
        Optional<StreamsAt.AtHeads> heads = newestHeads();
        if (heads.isPresent()) {
            try {
                Found found = nothing();
                for (Statement event : new KeysAt(store, log, checker)
                        .statements(heads.get().streams().get(StreamId.KEYS))) {
                    found = with(found, event);
                }
                return withTail(found, heads.get().sequence() + 1);
            } catch (ArchiverStoppedException planted) {
                // A heads entry that names key events which are not there: the segments say what is.
                return withTail(nothing(), 0);
            }
        }
        return withTail(nothing(), 0);
    }

    private Optional<StreamsAt.AtHeads> newestHeads() throws StoreException {
        Optional<SequenceNumber> bound = store.newestNumbered(ArchiveNames.HEADS, ArchiveNames.JSON_SUFFIX, ANY)
                .flatMap(ArchiveNames::headsSequence);
        return bound.isEmpty() ? Optional.empty() : new StreamsAt(store).newest(bound.get());
    }

    private Found nothing() {
        return new Found(KeyHistory.NONE, KeyRing.of(log), List.of());
    }

    private Found withTail(Found below, long from) throws StoreException {
        Found found = below;
        long at = from;
        // Asked for what no segment holds, the reader would look through all of them.
        long last = segments.newestFirst(ANY).map(SequenceNumber::value).orElse(-1L);
        while (at <= last) {
            Optional<Segment> segment = segments.containing(new SequenceNumber(at), each -> true);
            if (segment.isEmpty()) {
                return found;
            }
            for (; at < segment.get().end(); at++) {
                Optional<Statement> event = keyEvent(segment.get().entry(new SequenceNumber(at)));
                if (event.isPresent()) {
                    found = with(found, event.get());
                }
            }
        }
        return found;
    }

    private static Optional<Statement> keyEvent(ArchivedEntry entry) {
        try {
            Statement statement = Statement.parse(entry.statement());
            return statement.stream().equals(StreamId.KEYS) ? Optional.of(statement) : Optional.empty();
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    /** What the authority did not sign changes nothing, wherever it came from. */
    private Found with(Found found, Statement statement) {
        try {
            KeyEvent event = KeyEvent.fromBody(statement.body());
            KeyRing ring = found.ring().apply(event, statement.sequence(), checker);
            List<KeyHistory.At> events = new ArrayList<>(found.history().events());
            events.add(new KeyHistory.At(statement.sequence(), event));
            List<Bytes> statements = new ArrayList<>(found.statements());
            statements.add(statement.bytes());
            return new Found(new KeyHistory(events), ring, statements);
        } catch (UnauthorisedException | UncheckableException | IllegalArgumentException refused) {
            return found;
        }
    }
}
