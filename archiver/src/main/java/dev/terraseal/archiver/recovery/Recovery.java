package dev.terraseal.archiver.recovery;

import dev.terraseal.archiver.ArchiverStoppedException;
import dev.terraseal.archiver.LogNotes;
import dev.terraseal.archiver.state.LogState;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.InclusionProof;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.merkle.Proofs;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.core.tiles.GrowingTiles;
import dev.terraseal.core.tiles.TilePath;
import dev.terraseal.core.tiles.TileReader;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.ArchivedEntry;
import dev.terraseal.store.Segment;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads from the archive where it stands: the newest checkpoint, the tree at it, the streams and keys at it. Never from
 * the mutable {@code checkpoint} and never from offsets. What is above the checkpoint, the archiver finishes afterwards.
 *
 * <p>It reads the newest segment and what follows the last heads entry, whatever the size of the log.
 */
public final class Recovery {
    private static final SequenceNumber ANY = new SequenceNumber((1L << 53) - 1);

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final LogDeclaration log;
    private final ArchiveReader store;
    private final SignatureChecker checker;
    private final SegmentReader segments;

    public Recovery(LogDeclaration log, ArchiveReader store, SignatureChecker checker) {
        this.log = log;
        this.store = store;
        this.checker = checker;
        this.segments = new SegmentReader(store);
    }

    private record Signed(Checkpoint checkpoint, Bytes note) {}

    /**
     * @throws ArchiverStoppedException if the archive is of another log, has no beginning, or does not hold together
     * @throws StoreException if it cannot be read
     */
    public TakenUp takeUp() throws StoreException {
        requireThisLog();
        KeyRing known = new ArchivedKeys(store, log, checker, segments).read().ring();
        Signed newest = newestCheckpoint(new LogNotes(known, checker));
        long size = newest.checkpoint().size();
        try {
            Tree tree = tree(newest.checkpoint());
            LogHead head = size == 0
                    ? LogHead.birth(log.origin(), log.genesis())
                    : new LogHead(log.origin(), log.genesis(), size, tree.newestEntry());
            Map<StreamId, StreamHead> streams = new StreamsAt(store, segments).read(size, head.newest());
            KeyRing keys = new KeysAt(store, segments, log, checker).read(streams.get(StreamId.KEYS));
            LogState state = new LogState(log, head, streams, keys, checker, new Envelopes(store));
            return new TakenUp(
                    newest.checkpoint(),
                    newest.note(),
                    known,
                    state,
                    tree.tiles(),
                    tail(size, head.newest()),
                    tree.tilesLost());
        } catch (ProofException damaged) {
            throw new ArchiverStoppedException(
                    "the archive does not hold together below its checkpoint of size " + size + ": "
                            + damaged.getMessage()
                            + ". Check it with terraseal verify, and put back what is missing from a copy",
                    damaged);
        } catch (UncheckedIOException silent) {
            throw unreadable(silent);
        }
    }

    /** What the store said when it was asked from within something that throws no checked exceptions. */
    public static StoreException unreadable(UncheckedIOException silent) {
        return silent.getCause() instanceof StoreException cause
                ? cause
                : StoreException.passing(String.valueOf(silent.getMessage()), silent);
    }

    /** The log before its first entry, for whoever reads the archive through. */
    public LogState birth() {
        LogHead head = LogHead.birth(log.origin(), log.genesis());
        return new LogState(log, head, Map.of(), KeyRing.of(log), checker, new Envelopes(store));
    }

    /** @throws ArchiverStoppedException if the archive does not hold the entry with this hash */
    public Statement entry(SequenceNumber sequence, Digest hash) throws StoreException {
        return Statement.parse(segmentWith(sequence, hash).entry(sequence).statement());
    }

    private Segment segmentWith(SequenceNumber sequence, Digest hash) throws StoreException {
        return segments.containing(
                        sequence,
                        each -> Digest.of(each.entry(sequence).statement()).equals(hash))
                .orElseThrow(() -> new ArchiverStoppedException(
                        "the archive holds no segment with entry " + sequence + " of hash " + hash));
    }

    /** The tree at a checkpoint, and the entry hash at {@code size − 1} (the genesis where there is none). */
    private record Tree(GrowingTiles tiles, Digest newestEntry, boolean tilesLost) {}

    /**
     * From the tiles; where those do not lead to the checkpoint, from every segment. Partial tiles are not locked: who may
     * write to the store may change them, and that must not stop the log.
     */
    private Tree tree(Checkpoint checkpoint) throws StoreException, ProofException {
        try {
            TileReader reader = new TileReader(new ArchiveTiles(store), checkpoint.size());
            GrowingTiles tiles = GrowingTiles.resume(reader);
            requireRoot(checkpoint, tiles);
            return new Tree(tiles, checkpoint.size() == 0 ? log.genesis() : newestEntry(reader, checkpoint), false);
        } catch (ProofException damaged) {
            LOG.warn(
                    "action=read-all-segments size={} reason=\"the tiles are not what was archived: {}\"",
                    checkpoint.size(),
                    damaged.getMessage());
            Tree tree = treeOfSegments(checkpoint.size());
            if (tree == null) {
                throw damaged;
            }
            requireRoot(checkpoint, tree.tiles());
            return tree;
        }
    }

    private static void requireRoot(Checkpoint checkpoint, GrowingTiles tiles) throws ProofException {
        if (!tiles.root().equals(checkpoint.root())) {
            throw ProofException.mismatch(
                    "the tiles do not lead to the checkpoint of size " + checkpoint.size(),
                    checkpoint.root(),
                    tiles.root());
        }
    }

    /** The root at a size, derived from every segment below it; empty if one is not there. */
    public Optional<Digest> rootOfSegments(long size) throws StoreException {
        Tree tree = treeOfSegments(size);
        return tree == null ? Optional.empty() : Optional.of(tree.tiles().root());
    }

    private @Nullable Tree treeOfSegments(long size) throws StoreException {
        GrowingTiles tiles = new GrowingTiles();
        Digest before = log.genesis();
        WayUp way = new WayUp(
                store, segments, log, checker, new WayUp.At(ArchivedKeys.Found.none(log), 0, log.genesis(), -1));
        while (tiles.size() < size) {
            Optional<Segment> segment = nextOf(way);
            if (segment.isEmpty()) {
                return null;
            }
            long end = Math.min(segment.get().end(), size);
            while (tiles.size() < end) {
                before = Digest.of(
                        segment.get().entry(new SequenceNumber(tiles.size())).statement());
                tiles.append(before);
            }
            // They are in the archive: whoever appended these entries kept them.
            tiles.takeFull();
        }
        return new Tree(tiles, before, true);
    }

    private static Optional<Segment> nextOf(WayUp way) throws StoreException {
        try {
            return way.next();
        } catch (UncheckedIOException silent) {
            throw unreadable(silent);
        }
    }

    private void requireThisLog() throws StoreException {
        if (store.read(ArchiveNames.LOG, Validity.equalTo(log.bytes())).isPresent()) {
            return;
        }
        Optional<Stored> other = store.read(ArchiveNames.LOG, Validity.any());
        if (other.isEmpty()) {
            throw new ArchiverStoppedException(
                    "the archive holds no log.json: a log begins by `terraseal log init`, never by"
                            + " an archiver. If the log has entries, this is the wrong archive");
        }
        throw new ArchiverStoppedException("the archive is of the log with genesis "
                + Digest.of(other.get().content()) + ", the configuration says " + log.genesis()
                + ": give each log an archive of its own");
    }

    /** Checkpoints are at ends of segments: walks back from the newest one to the first that has a checkpoint. */
    private Signed newestCheckpoint(LogNotes notes) throws StoreException {
        try {
            return newestSigned(notes);
        } catch (UncheckedIOException silent) {
            throw unreadable(silent);
        }
    }

    private Signed newestSigned(LogNotes notes) throws StoreException {
        Optional<SequenceNumber> bound = Optional.of(ANY);
        while (bound.isPresent()) {
            Optional<SequenceNumber> first = segments.newestFirst(bound.get());
            if (first.isEmpty()) {
                break;
            }
            AtomicReference<@Nullable Signed> atEnd = new AtomicReference<>();
            // Of another version there the end says nothing: it may have been put before ours.
            Optional<Segment> ours = segments.at(first.get(), each -> {
                atEnd.set(checkpointOf(notes, each.end()));
                return atEnd.get() != null;
            });
            Signed signed = atEnd.get();
            if (ours.isPresent() && signed != null) {
                return signed;
            }
            bound = SegmentReader.before(first.get());
        }
        return checkpoint(notes, 0)
                .orElseThrow(() -> new ArchiverStoppedException(
                        "the archive holds no checkpoint of size 0 that the log signed: its beginning was cut short or it is"
                                + " damaged. If the log has no entries yet, run `terraseal log init` again"));
    }

    private Optional<Signed> checkpoint(LogNotes notes, long size) throws StoreException {
        Optional<Stored> stored = store.read(ArchiveNames.checkpoint(size), notes.ofSize(size));
        return stored.flatMap(
                each -> notes.open(each.content()).map(checkpoint -> new Signed(checkpoint, each.content())));
    }

    private @Nullable Signed checkpointOf(LogNotes notes, long size) {
        try {
            return checkpoint(notes, size).orElse(null);
        } catch (StoreException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Digest newestEntry(TileReader reader, Checkpoint checkpoint) throws ProofException {
        long index = checkpoint.size() - 1;
        Digest entry =
                Digest.fromBytes(reader.entries(index / TilePath.FULL).entries().get((int) (index % TilePath.FULL)));
        InclusionProof.verify(
                index,
                checkpoint.size(),
                Merkle.leafHash(entry),
                new Proofs(reader, checkpoint.size()).inclusion(index),
                checkpoint.root());
        return entry;
    }

    private List<Digest> tail(long size, Digest newest) throws StoreException {
        List<Digest> tail = new ArrayList<>();
        if (size > 0) {
            SequenceNumber last = new SequenceNumber(size - 1);
            Segment segment = segmentWith(last, newest);
            for (ArchivedEntry entry : segment.entries()
                    .subList(0, Math.toIntExact(size - segment.first().value()))) {
                tail.add(Digest.of(entry.statement()));
            }
        }
        return tail;
    }
}
