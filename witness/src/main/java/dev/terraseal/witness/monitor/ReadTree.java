package dev.terraseal.witness.monitor;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.merkle.CompactRange;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.NodeReader;
import dev.terraseal.core.merkle.ProofException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The tree of the entries that were read. Nodes over 256 entries and more are kept, less than a byte an entry; those below
 * are made of the leaves again, so that a root or a proof at any size costs a few blocks and not the whole journal.
 */
final class ReadTree {
    private static final int KEPT = 8;

    /** Where the leaves themselves are. */
    interface Leaves {
        void each(long first, long count, Consumer<Digest> leafHashes) throws IOException;
    }

    /** The nodes of level {@value #KEPT} from left to right, above them those of the next level, and so on. */
    private final List<List<Digest>> rows = new ArrayList<>();

    private CompactRange block = new CompactRange();

    void append(Digest leafHash) {
        block.append(leafHash);
        if (block.size() == 1L << KEPT) {
            keep(0, block.root());
            block = new CompactRange();
        }
    }

    private void keep(int row, Digest node) {
        if (row == rows.size()) {
            rows.add(new ArrayList<>());
        }
        List<Digest> nodes = rows.get(row);
        nodes.add(node);
        if (nodes.size() % 2 == 0) {
            keep(row + 1, Merkle.nodeHash(nodes.get(nodes.size() - 2), node));
        }
    }

    long size() {
        return (rows.isEmpty() ? 0 : (long) rows.get(0).size() << KEPT) + block.size();
    }

    /** The tree as it stands, to go on appending to. */
    CompactRange range() {
        List<Digest> complete = new ArrayList<>();
        for (int row = rows.size() - 1; row >= 0; row--) {
            List<Digest> nodes = rows.get(row);
            if (nodes.size() % 2 == 1) {
                complete.add(nodes.get(nodes.size() - 1));
            }
        }
        complete.addAll(block.hashes());
        return CompactRange.of(size(), complete);
    }

    NodeReader nodes(Leaves leaves) {
        return (level, index) -> {
            if ((index + 1) << level > size()) {
                throw new ProofException("entries " + (index << level) + " and later were not all read");
            }
            if (level >= KEPT) {
                return rows.get(level - KEPT).get((int) index);
            }
            CompactRange subtree = new CompactRange();
            try {
                leaves.each(index << level, 1L << level, subtree::append);
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
            return subtree.root();
        };
    }
}
