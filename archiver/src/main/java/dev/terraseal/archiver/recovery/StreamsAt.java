package dev.terraseal.archiver.recovery;

import dev.terraseal.archiver.ArchiverStoppedException;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.chain.Heads;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.statement.StatementIdentity;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The head of every stream at a checkpoint: the newest entry of each on the way down to the last heads entry, and for the
 * others what that says. The chain of hashes from the checkpoint's newest entry to that one makes all of it certain, whoever
 * may have planted what.
 */
final class StreamsAt {
    private final SegmentReader segments;
    private final HeadsFiles files;

    StreamsAt(ArchiveReader store, SegmentReader segments) {
        this.segments = segments;
        this.files = new HeadsFiles(store);
    }

    /** @param newestHash the entry hash at {@code size − 1}, proven under the checkpoint */
    Map<StreamId, StreamHead> read(long size, Digest newestHash) throws StoreException {
        Map<StreamId, StreamHead> streams = new HashMap<>();
        if (size == 0) {
            return streams;
        }
        WayDown way = new WayDown(segments, new SequenceNumber(size - 1), newestHash);
        while (!way.isDone()) {
            WayDown.Step step = way.next()
                    .orElseThrow(
                            () -> new ArchiverStoppedException("the archive's segments below its checkpoint of size "
                                    + size + " have a gap or do not lead to entry hash " + newestHash
                                    + ": check it with terraseal verify, and put back what is missing from a copy"));
            StatementIdentity identity = step.identity();
            streams.putIfAbsent(
                    identity.stream(),
                    new StreamHead(identity.streamSequence().value() + 1, identity.sequence(), step.hash()));
            Optional<Heads> heads = files.of(step.statement());
            if (heads.isPresent()) {
                heads.get().streams().forEach(streams::putIfAbsent);
                return streams;
            }
        }
        return streams;
    }
}
