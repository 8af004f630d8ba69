package dev.terraseal.archiver;

import dev.terraseal.archiver.recovery.ArchiveTiles;
import dev.terraseal.archiver.recovery.Recovery;
import dev.terraseal.archiver.recovery.TakenUp;
import dev.terraseal.archiver.state.CheckedEntry;
import dev.terraseal.archiver.topic.CheckpointFeed;
import dev.terraseal.archiver.topic.SignedEntries;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.merkle.Proofs;
import dev.terraseal.core.tiles.TileReader;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From an archive as it was left to a position in the stream: at start, and whenever another segment was found in place. */
final class TakeUp {
    private static final Logger LOG = LoggerFactory.getLogger(TakeUp.class);

    private final Archiver.Parts parts;
    private final ArchiveStore store;

    TakeUp(Archiver.Parts parts, ArchiveStore store) {
        this.parts = parts;
        this.store = store;
    }

    Position position() throws StoreException, SigningException, OtherSegmentException {
        parts.progress().waits("the archive is being read");
        long begin = System.nanoTime();
        Recovery recovery = new Recovery(parts.log(), store, parts.checker());
        TakenUp found = recovery.takeUp();
        CheckpointFeed feed = parts.feed();
        ArchiveWriter writer = new ArchiveWriter(
                new ArchiveWriter.Tools(
                        parts.log().origin(),
                        store,
                        parts.writes(),
                        parts.logKeys(),
                        parts.patience(),
                        feed,
                        parts.checker(),
                        floor(found, recovery),
                        parts.log().retention(),
                        parts.clock()),
                found.tiles());
        if (found.tilesLost()) {
            writer.replacePartialTiles();
        }
        StreamComparison archived = new StreamComparison(found.checkpoint().size(), found.tail());
        Position position = new Position(found.state(), writer, archived);
        // A crash after checkpoints/<size> may have left readers and the topic behind.
        writer.announce(found.note(), found.known(), new LogNotes(found.known(), parts.checker()));
        parts.progress().archived(found.checkpoint().size());
        finishSegments(position);
        meetStream(position);
        LOG.info(
                "action=take-up origin={} checkpoint={} next={} millis={}",
                parts.log().origin(),
                parts.progress().checkpointSize(),
                position.next,
                (System.nanoTime() - begin) / 1_000_000);
        return position;
    }

    private Floor floor(TakenUp found, Recovery recovery) throws StoreException {
        LogNotes notes = new LogNotes(found.known(), parts.checker());
        Checkpoint announced = notes.largest(parts.feed().last()).orElse(null);
        Floor floor = new Floor(announced);
        if (announced != null && announced.size() == found.checkpoint().size()) {
            floor.require(found.checkpoint().root());
        } else if (announced != null
                && announced.size() > 0
                && announced.size() < found.checkpoint().size()) {
            boolean shown = tilesRoot(announced.size(), found.checkpoint().size())
                    .map(announced.root()::equals)
                    .orElse(false);
            if (!shown) {
                // Tiles are not what decides whether there are two histories: anybody may have put one there.
                floor.require(recovery.rootOfSegments(announced.size())
                        .orElseThrow(() -> new ArchiverStoppedException("the archive's segments below size "
                                + announced.size() + " have a gap: check it with terraseal audit, and put back what is"
                                + " missing from a copy")));
            }
        }
        return floor;
    }

    private Optional<Digest> tilesRoot(long at, long size) {
        try {
            TileReader tiles = new TileReader(new ArchiveTiles(store), size);
            return Optional.of(new Proofs(tiles, at).root());
        } catch (ProofException damaged) {
            return Optional.empty();
        }
    }

    /** Segments above the checkpoint were written before a crash: they are adopted, on the way every segment goes. */
    private void finishSegments(Position position) throws StoreException, SigningException, OtherSegmentException {
        while (true) {
            SegmentValidity validity = new SegmentValidity(position.state, parts.checks());
            String name = ArchiveNames.segment(position.state.head().next());
            Optional<Bytes> content = store.read(name, validity).map(Stored::content);
            Optional<SegmentValidity.Extension> found = content.flatMap(validity::extension);
            if (found.isEmpty()) {
                return;
            }
            SegmentValidity.Extension adopted = found.get();
            LOG.info(
                    "action=adopt segment={} entries={}",
                    name,
                    adopted.entries().size());
            position.writer.write(
                    adopted.segment(),
                    content.get(),
                    adopted.entries(),
                    adopted.advance().keys(),
                    validity);
            adopted.advance().commit();
            for (CheckedEntry entry : adopted.entries()) {
                position.archived.add(entry.statement().entryHash());
            }
            position.pending = new Pending(position.state);
            parts.progress().archived(position.state.head().size());
        }
    }

    /** Finds the place in the stream from which it can be held against the archive. */
    private void meetStream(Position position) {
        Optional<SignedEntries.Extent> extent = parts.entries().extent();
        long oldest = extent.map(each -> each.oldest().value()).orElse(0L);
        if (oldest > position.archived.end()) {
            throw new ArchiverStoppedException("the topic terraseal.attestations begins at entry " + oldest
                    + ", but the archive ends before entry " + position.archived.end()
                    + ": entries between them were deleted before they were archived. Put the topic back from a copy. Where"
                    + " there is none, receipts of those entries may bring them back: terraseal log resume --receipts"
                    + " (docs/operations.md)");
        }
        // A stream that ends below the newest segment is made again from there, and is met where it goes on.
        long end = extent.map(each -> each.newest().value() + 1).orElse(0L);
        position.next = Math.min(Math.max(position.archived.first(), oldest), end);
        parts.entries().seek(new SequenceNumber(position.next));
        parts.progress().took(position.next);
        parts.progress().goesOn();
    }
}
