package dev.terraseal.export;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the newest checkpoint that the log signed. Checkpoints are at ends of segments, and segments can be asked for by
 * number. Names prove nothing: what is found is opened, and what was planted above it is passed over.
 */
final class HeadSearch {
    private static final long ANY = (1L << 53) - 1;
    /** Segments without a checkpoint at their end, from the newest downwards, before the distance is halved. */
    private static final int NEAR = 16;

    private final ArchivedLog log;

    HeadSearch(ArchivedLog log) {
        this.log = log;
    }

    /** What was found from a number downwards: a checkpoint, or where the search stopped. */
    private record Probe(@Nullable SignedNote note, long lowest) {}

    /**
     * A checkpoint above {@code size} that {@code keys} open; null if none was found. It is the newest of them unless
     * somebody planted many segments: then {@link #following} finds what comes after it.
     */
    @Nullable SignedNote newest(KeyRing keys, long size) throws StoreException {
        long low = Math.max(size, 0);
        Probe top = probe(keys, ANY, low);
        if (top.note() != null) {
            return top.note();
        }
        // Above may be checkpoints by keys that a key event brought, below the last one by these.
        SignedNote best = null;
        for (long high = top.lowest(); low < high; ) {
            long middle = low + (high - low) / 2;
            Probe half = probe(keys, middle, low);
            if (half.note() == null && half.lowest() > low) {
                high = half.lowest();
            } else {
                best = half.note() != null ? half.note() : best;
                low = middle + 1;
            }
        }
        return best;
    }

    private Probe probe(KeyRing keys, long from, long floor) throws StoreException {
        long bound = from;
        for (int i = 0; i < NEAR && bound >= floor; i++) {
            Optional<SequenceNumber> first = log.archive()
                    .newestNumbered(ArchiveNames.SEGMENTS, ArchiveNames.SEGMENT_SUFFIX, new SequenceNumber(bound))
                    .flatMap(ArchiveNames::segmentFirst);
            if (first.isEmpty() || first.get().value() < floor) {
                return new Probe(null, floor);
            }
            SignedNote note = atEnd(keys, first.get());
            if (note != null) {
                return new Probe(note, first.get().value());
            }
            bound = first.get().value() - 1;
        }
        return new Probe(null, Math.max(bound + 1, floor));
    }

    /** The checkpoint at the end of the segment of that name, whichever of its versions leads to one. */
    private @Nullable SignedNote atEnd(KeyRing keys, SequenceNumber first) throws StoreException {
        Optional<Stored> segment = log.archive()
                .read(ArchiveNames.segment(first), content -> signedAt(keys, endOf(first, content)) != null);
        return segment.isEmpty()
                ? null
                : signedAt(keys, endOf(first, segment.get().content()));
    }

    private static long endOf(SequenceNumber first, Bytes content) {
        return first.value() + SegmentEntries.ends(content).length;
    }

    private @Nullable SignedNote signedAt(KeyRing keys, long size) {
        try {
            return log.locked(size, keys);
        } catch (StoreException unanswered) {
            throw new UncheckedIOException(unanswered);
        }
    }

    /**
     * The newest checkpoint above a head, found by following the entries above it, each chained to the one before and signed;
     * null if there is none. Key events among them count, so that it may be by a new key.
     */
    @Nullable SignedNote following(ProvenLog under, KeyRing keys) throws StoreException, ProofException {
        SignedNote newest = null;
        KeyRing ring = keys;
        long size = under.size();
        Digest before = null;
        while (true) {
            Followed next = follow(new Followed(size, before, ring), under);
            if (next == null) {
                return newest;
            }
            size = next.size();
            before = next.newest();
            ring = next.keys();
            SignedNote note = log.locked(size, ring);
            newest = note != null ? note : newest;
        }
    }

    /** @param newest hash of the last entry below {@code size}; null where the head's tree has to say it */
    private record Followed(long size, @Nullable Digest newest, KeyRing keys) {}

    private @Nullable Followed follow(Followed from, ProvenLog under) throws StoreException, ProofException {
        Digest leaf = from.newest() != null || from.size() == 0 ? null : under.leaf(from.size() - 1);
        Followed[] found = {null};
        log.archive().read(ArchiveNames.segment(new SequenceNumber(from.size())), content -> {
            found[0] = extended(from, leaf, content);
            return found[0] != null;
        });
        return found[0];
    }

    private @Nullable Followed extended(Followed from, @Nullable Digest leaf, Bytes content) {
        try {
            EntrySigners signers = signers(from.keys());
            long sequence = from.size();
            Digest before = from.newest();
            int begin = 0;
            for (int end : SegmentEntries.ends(content)) {
                ArchivedEntry entry = ArchivedEntry.parse(new SequenceNumber(sequence), content.slice(begin, end));
                if (!follows(entry, before, leaf) || !signers.signed(entry, KeysInForce.Demand.ONE)) {
                    return null;
                }
                if (entry.statement().stream().equals(StreamId.KEYS)) {
                    signers = signers(after(signers.keys().ring(), entry));
                }
                before = entry.entryHash();
                begin = end + 1;
                sequence++;
            }
            return begin == content.length() && begin > 0
                    ? new Followed(sequence, before, signers.keys().ring())
                    : null;
        } catch (IllegalArgumentException notASegment) {
            return null;
        }
    }

    private EntrySigners signers(KeyRing ring) {
        return EntrySigners.of(log, ring);
    }

    private boolean follows(ArchivedEntry entry, @Nullable Digest before, @Nullable Digest leaf) {
        Digest stated = entry.statement().link().prevHash();
        boolean chained = before != null
                ? stated.equals(before)
                : leaf != null
                        ? Merkle.leafHash(stated).equals(leaf)
                        : stated.equals(log.log().genesis());
        return chained && entry.statement().sequence().equals(entry.sequence());
    }

    /** What the authority did not sign changes nothing. */
    private KeyRing after(KeyRing ring, ArchivedEntry entry) {
        try {
            return ring.apply(KeyEvent.fromBody(entry.statement().body()), entry.sequence(), log.checker());
        } catch (KeyRing.UnauthorisedException | UncheckableException | IllegalArgumentException refused) {
            return ring;
        }
    }
}
