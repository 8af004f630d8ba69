package dev.terraseal.witness.monitor;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.index.Answer;
import dev.terraseal.core.index.DuplicateIndex;
import dev.terraseal.core.index.Fingerprint;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.CompactRange;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.NodeReader;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** What follows from all entries up to a size: where the chain, each stream, the tree and the ids stand. */
final class LogSoFar {
    private final Map<StreamId, StreamHead> streams = new HashMap<>();
    private final DuplicateIndex ids = new DuplicateIndex();
    private final ReadTree tree = new ReadTree();
    private Digest newest;

    LogSoFar(LogDeclaration log) {
        this.newest = log.genesis();
    }

    /** @throws IllegalStateException if its id was there before */
    void add(Journal.Line line) {
        long sequence = tree.size();
        ids.add(line.id(), sequence);
        StreamHead before = streams.get(line.stream());
        streams.put(
                line.stream(),
                new StreamHead(
                        before == null ? 1 : before.count() + 1, new SequenceNumber(sequence), line.entryHash()));
        tree.append(Merkle.leafHash(line.entryHash()));
        newest = line.entryHash();
    }

    boolean knows(Fingerprint id) {
        return !(ids.find(id) instanceof Answer.Absent);
    }

    long size() {
        return tree.size();
    }

    Digest root() {
        return tree.range().root();
    }

    CompactRange tree() {
        return tree.range();
    }

    /** Nodes of the tree; those over a few entries are made of {@code leaves}. */
    NodeReader nodes(ReadTree.Leaves leaves) {
        return tree.nodes(leaves);
    }

    /** The hash of the newest entry; the genesis where there is none. */
    Digest newest() {
        return newest;
    }

    Map<StreamId, StreamHead> streams() {
        return Collections.unmodifiableMap(streams);
    }
}
