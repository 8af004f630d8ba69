package dev.terraseal.archiver;

import dev.terraseal.archiver.state.CheckedEntry;
import dev.terraseal.archiver.topic.CheckpointFeed;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogCheckpoints;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.tiles.GrowingTiles;
import dev.terraseal.core.tiles.TileFile;
import dev.terraseal.core.tiles.TilePath;
import dev.terraseal.keys.KeyInForce;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.Segment;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * The order of writes, in {@link #write}. A crash between any two of its lines loses nothing and signs nothing twice: what
 * was written is found by recovery, which comes through this same method again with the same bytes.
 *
 * <p>Its store and its signer wait out what passes; what they throw is for good. Used by one thread; objects of
 * one kind, which a reader takes all or none of, are written at once.
 */
final class ArchiveWriter {
    private final LogOrigin origin;
    private final ArchiveStore store;
    private final Executor writes;
    private final KeyInForce logKeys;
    private final Patience patience;
    private final CheckpointFeed feed;
    private final SignatureChecker checker;
    private final Floor floor;
    private final Duration retention;
    private final InstantSource clock;
    private final GrowingTiles tiles;
    private final SecondLine second;

    /**
     * What one log's writer works with, the same over restarts in one process.
     *
     * @param writes keeps objects of one kind, as many at a time as it has threads
     */
    record Tools(
            LogOrigin origin,
            ArchiveStore store,
            Executor writes,
            KeyInForce logKeys,
            Patience patience,
            CheckpointFeed feed,
            SignatureChecker checker,
            Floor floor,
            Duration retention,
            InstantSource clock) {}

    /** @param tiles the tree of everything archived so far */
    ArchiveWriter(Tools tools, GrowingTiles tiles) {
        this.origin = tools.origin();
        this.store = tools.store();
        this.writes = tools.writes();
        this.logKeys = tools.logKeys();
        this.patience = tools.patience();
        this.feed = tools.feed();
        this.checker = tools.checker();
        this.floor = tools.floor();
        this.retention = tools.retention();
        this.clock = tools.clock();
        this.tiles = tiles;
        this.second = new SecondLine(store, retention, clock, checker);
    }

    /**
     * Archives a segment up to its checkpoint.
     *
     * @param content its bytes
     * @param entries those of the segment, checked against the log below it
     * @param keys of the log after these entries: which of them signs the checkpoint they say
     * @param validity which segments extend the archive at this place
     * @throws OtherSegmentException if another valid segment is in this place already; only its own bytes count now
     */
    void write(Segment segment, Bytes content, List<CheckedEntry> entries, KeyRing keys, Validity validity)
            throws StoreException, SigningException, OtherSegmentException {
        // Attachments are in the archive before ingest accepts the event that names them.
        // Until the segment is there a crash loses nothing: the stream still has its entries.
        keepSegment(segment, content, validity);
        // From here on a crash leaves a segment without checkpoint. Recovery adopts it and goes on below.
        keepHeads(entries);
        keepNewKeys(entries);
        grow(entries);
        List<TileFile> full = keepFullTiles();
        // Readers of the coming checkpoint need exactly these partial tiles: before it, or it promises what is not
        // there.
        replacePartialTiles();
        // The key never signs for data that only the writer believes to be kept.
        readBack(segment, content);
        // A crash here leaves a signature nobody saw; the next one is over the same text.
        LogNotes notes = new LogNotes(keys, checker);
        Bytes note = keepCheckpoint(keys, notes);
        // A crash here leaves readers and the topic behind by one checkpoint, until recovery announces it.
        announce(note, keys, notes);
        // A crash here leaves partial tiles that a full one replaced: readers do not look at them.
        discardReplaced(full);
    }

    /** Asked for each object: those before it may have waited for the store for days. */
    private Instant until() {
        return clock.instant().plus(retention);
    }

    private void keepSegment(Segment segment, Bytes content, Validity validity)
            throws StoreException, OtherSegmentException {
        Stored counts = store.keep(segment.name(), content, until(), validity);
        if (!counts.content().equals(content)) {
            throw new OtherSegmentException(segment.name());
        }
    }

    private void keepHeads(List<CheckedEntry> entries) throws StoreException {
        for (CheckedEntry entry : entries) {
            if (entry.heads() != null) {
                Bytes file = entry.heads().file();
                store.keep(ArchiveNames.heads(entry.statement().sequence()), file, until(), Validity.equalTo(file));
            }
        }
    }

    /** For whoever checks an archive by hand, as those of log.json are: trust comes from the key events. */
    private void keepNewKeys(List<CheckedEntry> entries) throws StoreException {
        for (CheckedEntry entry : entries) {
            if (entry.statement().type() == PredicateType.KEY_EVENT) {
                for (KeyEvent.NewKey each :
                        KeyEvent.fromBody(entry.statement().body()).keys()) {
                    Bytes pem = Bytes.utf8(each.key().pem());
                    store.keep(ArchiveNames.key(each.key().keyid()), pem, until(), Validity.equalTo(pem));
                }
            }
        }
    }

    private void grow(List<CheckedEntry> entries) {
        for (CheckedEntry entry : entries) {
            tiles.append(entry.statement().entryHash());
            if (tiles.size() == floor.size()) {
                floor.require(tiles.root());
            }
        }
    }

    private List<TileFile> keepFullTiles() throws StoreException {
        List<TileFile> full = tiles.takeFull();
        AtOnce.each(
                writes,
                full,
                tile -> store.keep(tile.path().path(), tile.content(), until(), Validity.equalTo(tile.content())));
        return full;
    }

    /** Readers of the present checkpoint need these; asked for again where they were found changed. */
    void replacePartialTiles() throws StoreException {
        AtOnce.each(writes, tiles.partials(), tile -> store.replace(tile.path().path(), tile.content()));
    }

    private void readBack(Segment segment, Bytes content) throws StoreException {
        if (store.read(segment.name(), Validity.equalTo(content)).isEmpty()) {
            throw new ArchiverStoppedException("the archive does not give back " + segment.name()
                    + ", which it said it keeps. No checkpoint was signed over it: check the store's disk or bucket, then start"
                    + " again");
        }
    }

    /**
     * The keys that sign the checkpoint of a size, if they are at hand: that of its own line, then that of a second one. A
     * key service that does not answer is waited for.
     */
    List<PatientSigner> requireKeys(KeyRing keys, long size) {
        try {
            // No checkpoint is signed by a key that readers would refuse.
            return patience
                    .until(
                            KeyUnavailableException.class,
                            KeyUnavailableException::retryable,
                            () -> logKeys.allAt(keys, LogCheckpoints.indexOf(size)))
                    .stream()
                    .map(each -> new PatientSigner(each, patience))
                    .toList();
        } catch (KeyUnavailableException noKey) {
            String mend = noKey.retryable()
                    ? ". It was being asked again until the archiver was told to stop"
                    : ". Name every place log keys are in, separated by commas, and start again";
            throw new ArchiverStoppedException(
                    "the checkpoint of size " + size + " cannot be signed: " + noKey.getMessage() + mend
                            + "; entries wait on terraseal.attestations",
                    noKey);
        }
    }

    private Bytes keepCheckpoint(KeyRing keys, LogNotes notes) throws StoreException, SigningException {
        Checkpoint checkpoint = new Checkpoint(origin, tiles.size(), tiles.root());
        String name = ArchiveNames.checkpoint(checkpoint.size());
        Validity validity = notes.ofSize(checkpoint.size());
        Optional<Stored> before = store.read(name, validity);
        // Asked before signing: no key of ours makes a second root for one size, not even one that is thrown away.
        requireSame(name, before, checkpoint, notes);
        Bytes note = before.isPresent()
                ? before.get().content()
                : NoteSigner.sign(
                                checkpoint, requireKeys(keys, checkpoint.size()).get(0))
                        .bytes();
        Stored kept = store.keep(name, note, until(), validity);
        requireSame(name, Optional.of(kept), checkpoint, notes);
        return kept.content();
    }

    private void requireSame(String name, Optional<Stored> stored, Checkpoint ours, LogNotes notes) {
        Optional<Checkpoint> there = stored.flatMap(each -> notes.open(each.content()));
        if (there.isPresent() && !there.get().equals(ours)) {
            throw new ArchiverStoppedException(
                    name + " in the archive has root " + there.get().root().base64()
                            + ", but the entries lead to root " + ours.root().base64()
                            + ": there are two histories of this log. Stop every archiver of it and see docs/operations.md on forks");
        }
    }

    /**
     * Tells readers and the topic; said again after a crash.
     *
     * @param own the bytes of {@code checkpoints/<size>}
     */
    void announce(Bytes own, KeyRing keys, LogNotes notes) throws StoreException, SigningException {
        Checkpoint checkpoint = notes.open(own)
                .orElseThrow(() -> new IllegalStateException("a checkpoint that was just kept does not open"));
        if (!keys.checkpointKeys(Algorithm.ML_DSA_44, LogCheckpoints.indexOf(checkpoint.size()))
                .isEmpty()) {
            second.make(checkpoint, requireKeys(keys, checkpoint.size()));
        }
        Bytes note = second.beside(parsed(own), checkpoint.size()).bytes();
        Validity mayGo = content ->
                notes.open(content).map(old -> old.size() < checkpoint.size()).orElse(true);
        if (!store.advance(ArchiveNames.CHECKPOINT, note, mayGo)) {
            long ahead = store.readNewest(ArchiveNames.CHECKPOINT)
                    .flatMap(notes::open)
                    .map(Checkpoint::size)
                    .orElse(checkpoint.size());
            if (ahead > checkpoint.size()) {
                throw new ArchiverStoppedException("another archiver is at size " + ahead + " of " + origin
                        + ", this one at " + checkpoint.size()
                        + ": run one only, and leave the one that is ahead. If there is no other, the newest segments of this"
                        + " archive are damaged: check it with terraseal verify");
            }
        }
        feed.publish(note);
    }

    /** Tells readers and the topic of cosignatures on the newest checkpoint. An older one is left: theirs are archived. */
    void announceCosigned(SignedNote note, LogNotes notes) throws StoreException {
        Bytes content = second.beside(note, tiles.size()).bytes();
        boolean newest = notes.open(content)
                .map(checkpoint -> checkpoint.size() == tiles.size())
                .orElse(false);
        Validity mayGo = before ->
                notes.open(before).map(old -> old.size() <= tiles.size()).orElse(true);
        if (newest && store.advance(ArchiveNames.CHECKPOINT, content, mayGo)) {
            feed.publish(content);
        }
    }

    private static SignedNote parsed(Bytes note) {
        try {
            return SignedNote.parse(note);
        } catch (NoteException impossible) {
            throw new IllegalStateException("a checkpoint that was just kept is no note", impossible);
        }
    }

    private void discardReplaced(List<TileFile> full) throws StoreException {
        AtOnce.each(writes, full, tile -> {
            for (String partial : store.names(tile.path().path() + ".p/", "", TilePath.FULL)) {
                store.discard(partial);
            }
        });
    }
}
