package dev.terraseal.archiver.recovery;

import dev.terraseal.archiver.ArchiverStoppedException;
import dev.terraseal.archiver.state.BrokenEntryException;
import dev.terraseal.archiver.state.LoneCheck;
import dev.terraseal.archiver.state.SignatureCheck;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.chain.Heads;
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
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The key events an archive holds, up to its newest segment, found before any checkpoint can be opened: which key signs
 * checkpoints they say themselves. Begins at the newest heads entry that shows itself to be the log's: its statement is
 * signed by attest keys in force under the key events it commits to, and above it, on the way of the log, is a checkpoint
 * signed by a log key they leave in force. A key event counts because the authority signed it; where it counts from, and that
 * none is left out below that heads entry, it takes an attest key and a log key to say otherwise.
 */
public final class ArchivedKeys {
    private static final SequenceNumber ANY = new SequenceNumber((1L << 53) - 1);
    /** Names looked at where nobody planted any: the newest heads entry, and below it one whose checkpoint is not yet there. */
    private static final int FEW = 4;

    private static final int FARTHEST = 1 << 24;

    private final ArchiveReader store;
    private final LogDeclaration log;
    private final SignatureChecker checker;
    private final SegmentReader segments;
    private final NumberedNames heads;
    private final HeadsFiles files;
    private boolean allHeadsTried;

    public ArchivedKeys(ArchiveReader store, LogDeclaration log, SignatureChecker checker) {
        this(store, log, checker, new SegmentReader(store));
    }

    ArchivedKeys(ArchiveReader store, LogDeclaration log, SignatureChecker checker, SegmentReader segments) {
        this.store = store;
        this.log = log;
        this.checker = checker;
        this.segments = segments;
        this.heads = new NumberedNames(store, ArchiveNames.HEADS, ArchiveNames.JSON_SUFFIX);
        this.files = new HeadsFiles(store);
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

        static Found none(LogDeclaration log) {
            return new Found(KeyHistory.NONE, KeyRing.of(log), List.of());
        }

        /** What the authority did not sign changes nothing, wherever it came from. */
        Found with(Statement statement, SignatureChecker checker) {
            try {
                KeyEvent event = KeyEvent.fromBody(statement.body());
                KeyRing after = ring.apply(event, statement.sequence(), checker);
                List<KeyHistory.At> events = new ArrayList<>(history.events());
                events.add(new KeyHistory.At(statement.sequence(), event));
                List<Bytes> with = new ArrayList<>(statements);
                with.add(statement.bytes());
                return new Found(new KeyHistory(events), after, with);
            } catch (UnauthorisedException | UncheckableException | IllegalArgumentException refused) {
                return this;
            }
        }
    }

    /**
     * Whoever may write to the store can name key events, heads and segments in any number and at any place. So each claim
     * is followed over a few names first, and over more only where nothing was found: the cost grows with what was planted,
     * and not with the log.
     */
    public Found read() throws StoreException {
        try {
            for (int reach = FEW; reach < FARTHEST; reach *= 8) {
                segments.reach(reach);
                Optional<WayUp> way = fromNewestHeads(reach);
                if (way.isPresent()) {
                    return way.get().at().found();
                }
                if (allHeadsTried && !segments.wasCutShort()) {
                    break;
                }
            }
            WayUp all = wayUp(new WayUp.At(Found.none(log), 0, log.genesis(), -1));
            all.toTheEnd();
            return all.at().found();
        } catch (UncheckedIOException silent) {
            throw Recovery.unreadable(silent);
        } finally {
            segments.reach(Integer.MAX_VALUE);
        }
    }

    private Optional<WayUp> fromNewestHeads(int reach) throws StoreException {
        allHeadsTried = false;
        Optional<SequenceNumber> at = heads.newest(ANY);
        for (int tried = 0; tried < reach && at.isPresent(); tried++) {
            Optional<WayUp> way = fromHeads(at.get());
            if (way.isPresent()) {
                return way;
            }
            Optional<SequenceNumber> below = SegmentReader.before(at.get());
            at = below.isEmpty() ? Optional.empty() : heads.newest(below.get());
        }
        allHeadsTried = at.isEmpty();
        return Optional.empty();
    }

    private Optional<WayUp> fromHeads(SequenceNumber sequence) throws StoreException {
        AtomicReference<@Nullable WayUp> found = new AtomicReference<>();
        Optional<Segment> unused = segments.containing(sequence, segment -> {
            found.set(shown(segment, sequence));
            return found.get() != null;
        });
        return unused.isEmpty() ? Optional.empty() : Optional.ofNullable(found.get());
    }

    /** The way to the end of the archive, if {@code segment} holds a heads entry there that shows itself to be the log's. */
    private @Nullable WayUp shown(Segment segment, SequenceNumber sequence) {
        ArchivedEntry entry = segment.entry(sequence);
        try {
            Optional<Heads> stated = files.of(entry.statement());
            if (stated.isEmpty()) {
                return null;
            }
            Found found = Found.none(log);
            for (Statement event : new KeysAt(store, segments, log, checker)
                    .statements(stated.get().streams().get(StreamId.KEYS))) {
                found = found.with(event, checker);
            }
            Statement statement = Statement.parse(entry.statement());
            new SignatureCheck(log, checker, new Envelopes(store))
                    .require(LoneCheck.of(entry, found.ring(), checker), statement, found.ring());
            WayUp way =
                    wayUp(new WayUp.At(found, sequence.value(), statement.link().prevHash(), -1));
            if (!way.into(segment)) {
                return null;
            }
            way.toTheEnd();
            return way.at().signed() > sequence.value() ? way : null;
        } catch (StoreException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (ArchiverStoppedException | BrokenEntryException | IllegalArgumentException planted) {
            // Names key events that are not there, or was signed by nobody who could.
            return null;
        }
    }

    private WayUp wayUp(WayUp.At from) {
        return new WayUp(store, segments, log, checker, from);
    }
}
