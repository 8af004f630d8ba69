package dev.terraseal.signer.check;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.CompactRange;
import dev.terraseal.core.merkle.Merkle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries ahead of signing, and says whether they are the ones the floors speak of. Only then may those between
 * what {@code attestations} still holds and the floors be signed again. One thread.
 */
public final class FloorCheck {
    private final List<Floor> floors;
    private final LinkCheck links;
    private final @Nullable CompactRange tree;
    private final long first;
    private final long until;

    private FloorCheck(List<Floor> floors, LinkCheck links, @Nullable CompactRange tree, long until) {
        this.floors = floors;
        this.links = links;
        this.tree = tree;
        this.first = links.head().size();
        this.until = until;
    }

    /**
     * @param signed what {@code attestations} holds; floors at or below it have nothing to say here, the archiver compares
     *     them
     */
    public static FloorCheck above(LogDeclaration log, LogHead signed, List<Floor> floors) {
        List<Floor> open =
                floors.stream().filter(floor -> floor.size() > signed.size()).toList();
        boolean byRoot = open.stream().anyMatch(Floor.ByRoot.class::isInstance);
        long until = open.stream().mapToLong(Floor::size).max().orElse(0);
        // A root is over all entries from the first on.
        LogHead from = byRoot ? LogHead.birth(signed.origin(), signed.genesis()) : signed;
        return new FloorCheck(open, new LinkCheck(log, from), byRoot ? new CompactRange() : null, until);
    }

    /** Whether there is nothing (more) to read ahead. */
    public boolean done() {
        return links.head().size() >= until;
    }

    /** The entry to read next. */
    public SequenceNumber next() {
        return links.head().next();
    }

    /** How far it reads. */
    public long until() {
        return until;
    }

    public void accept(Entry entry) throws RefusedEntryException {
        if (entry.sequence().value() < first) {
            // Signed already, and made again on a topic that power had taken it from: Takeover compares the last of
            // them.
            return;
        }
        Digest hash = links.accept(entry).entryHash();
        if (tree != null) {
            tree.append(Merkle.leafHash(hash));
        }
        for (Floor floor : floors) {
            if (floor.size() == links.head().size() && !holds(floor, hash)) {
                throw new RefusedEntryException("entry " + entry.sequence() + " on terraseal.sequenced (offset "
                        + entry.offset() + ") is not the one that was signed before: " + floor.from() + " speaks of "
                        + floor.size()
                        + " entries ending otherwise" + RolledBack.MEND);
            }
        }
    }

    private boolean holds(Floor floor, Digest newest) {
        if (floor instanceof Floor.ByHash byHash) {
            return byHash.newest().equals(newest);
        }
        return floor instanceof Floor.ByRoot byRoot
                && tree != null
                && byRoot.root().equals(tree.root());
    }
}
