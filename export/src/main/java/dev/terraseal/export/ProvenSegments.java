package dev.terraseal.export;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Segments below a head. Of each the oldest version counts whose statements are those under the head's root and whose
 * signatures hold, as it does for the archiver.
 *
 * <p>The root says nothing of signatures, and checking all of them would take as long as the rest of an export. So they are
 * checked where somebody else may have put them there: where a name has several versions, or is not known to be where the
 * archiver begins a segment. Alone at such a place is what the archiver wrote or, having checked it, took for its own.
 */
final class ProvenSegments {
    private final ArchiveReader archive;
    private final ProvenTree tree;
    private final Boundaries boundaries;
    private final @Nullable EntrySigners signers;
    private final CheckpointAt checkpoints;

    /** A segment that holds what was asked for. */
    record Found(long first, Bytes content) {}

    /** Whether the log signed a checkpoint of a size. */
    interface CheckpointAt {
        boolean isSigned(long size) throws StoreException;
    }

    /**
     * @param signers null while keys are being found: then statements alone are looked at
     * @param boundaries those known, which grow
     */
    ProvenSegments(
            ArchiveReader archive,
            ProvenTree tree,
            Boundaries boundaries,
            @Nullable EntrySigners signers,
            CheckpointAt checkpoints) {
        this.archive = archive;
        this.tree = tree;
        this.boundaries = boundaries;
        this.signers = signers;
        this.checkpoints = checkpoints;
    }

    /** The segment with the entry at {@code sequence}, which is below the head; null if there is none. */
    @Nullable Found holding(long sequence) throws StoreException {
        long start = boundaries.startOf(sequence);
        Found found = start < 0 ? null : atBoundary(start, sequence);
        return found != null ? found : below(sequence);
    }

    private @Nullable Found atBoundary(long first, long sequence) throws StoreException {
        Optional<Stored> oldest = read(first, sequence, null);
        if (oldest.isEmpty()) {
            return null;
        }
        boolean alone = oldest.get().alone();
        Found signed = alone ? null : signed(first, sequence);
        // Where none is signed, whoever verifies what is exported will say so.
        Found found = signed != null ? signed : new Found(first, oldest.get().content());
        long end = first + SegmentEntries.ends(found.content()).length;
        if ((alone || signed != null) && end <= tree.size()) {
            boundaries.addSegment(first, end);
        }
        return found;
    }

    private @Nullable Found signed(long first, long sequence) throws StoreException {
        for (KeysInForce.Demand demand : KeysInForce.Demand.values()) {
            Found found = signed(first, sequence, demand);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable Found signed(long first, long sequence, KeysInForce.Demand demand) throws StoreException {
        return signers == null
                ? null
                : read(first, sequence, demand)
                        .map(each -> new Found(first, each.content()))
                        .orElse(null);
    }

    /** Where no boundary is known nearby: names from {@code sequence} downwards. */
    private @Nullable Found below(long sequence) throws StoreException {
        Found unsigned = null;
        for (KeysInForce.Demand demand : KeysInForce.Demand.values()) {
            for (long bound = sequence; bound >= 0; ) {
                Optional<SequenceNumber> first = archive.newestNumbered(
                                ArchiveNames.SEGMENTS, ArchiveNames.SEGMENT_SUFFIX, new SequenceNumber(bound))
                        .flatMap(ArchiveNames::segmentFirst);
                if (first.isEmpty()) {
                    break;
                }
                long at = first.get().value();
                Found found = isBoundary(at) ? atBoundary(at, sequence) : signed(at, sequence, demand);
                if (found != null) {
                    return found;
                }
                if (unsigned == null) {
                    unsigned = read(at, sequence, null)
                            .map(each -> new Found(at, each.content()))
                            .orElse(null);
                }
                bound = at - 1;
            }
        }
        return unsigned;
    }

    /** No segment of the archiver's reaches over the size of a checkpoint. */
    private boolean isBoundary(long sequence) throws StoreException {
        if (!boundaries.has(sequence) && checkpoints.isSigned(sequence)) {
            boundaries.add(sequence);
        }
        return boundaries.has(sequence);
    }

    private Optional<Stored> read(long first, long sequence, KeysInForce.@Nullable Demand demand)
            throws StoreException {
        return archive.read(
                ArchiveNames.segment(new SequenceNumber(first)), content -> isProven(content, first, sequence, demand));
    }

    /** Nothing of it is kept: a parsed segment is many times its bytes. */
    private boolean isProven(Bytes content, long first, long sequence, KeysInForce.@Nullable Demand demand) {
        try {
            List<Digest> leaves = new ArrayList<>();
            int from = 0;
            for (int end : SegmentEntries.ends(content)) {
                SequenceNumber at = new SequenceNumber(first + leaves.size());
                ArchivedEntry entry = ArchivedEntry.parse(at, content.slice(from, end));
                if (at.value() < tree.size()) {
                    leaves.add(Merkle.leafHash(entry.entryHash()));
                    if (demand != null && signers != null && !signers.signed(entry, demand)) {
                        return false;
                    }
                }
                from = end + 1;
            }
            return from == content.length() && first + leaves.size() > sequence && tree.holds(first, leaves);
        } catch (IllegalArgumentException notASegment) {
            return false;
        } catch (ProofException broken) {
            throw new BrokenTreeException(broken);
        }
    }

    /** A tile of the head is not there. Thrown out of what must answer. */
    static final class BrokenTreeException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final ProofException proof;

        BrokenTreeException(ProofException proof) {
            super(proof);
            this.proof = proof;
        }

        ProofException proof() {
            return proof;
        }
    }
}
