package dev.terraseal.witness.monitor;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.tiles.TileSource;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.ArchivedEntry;
import dev.terraseal.store.Segment;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.TileForm;
import dev.terraseal.store.Validity;
import dev.terraseal.verifier.entries.BatchSignatures;
import dev.terraseal.verifier.entries.Batches;
import dev.terraseal.verifier.entries.Entry;
import dev.terraseal.verifier.entries.EntrySignatures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The entries of an archive as somebody else's store gives them. */
final class ArchivedStatements implements TileSource {
    private final ArchiveReader archive;

    ArchivedStatements(ArchiveReader archive) {
        this.archive = archive;
    }

    /** Takes entries, or says by false that they are not the log's. */
    interface Taker {
        boolean take(List<Entry> entries) throws IOException;
    }

    /**
     * Offers the entries from {@code next} on that lie in one segment, below {@code end}: each version of it that can be read,
     * oldest first, until one is taken. Others may have put some there.
     *
     * @return false if none was
     */
    boolean offer(long next, long end, Taker taker) throws IOException {
        Optional<String> name =
                archive.newestNumbered(ArchiveNames.SEGMENTS, ArchiveNames.SEGMENT_SUFFIX, new SequenceNumber(next));
        Optional<SequenceNumber> first = name.flatMap(ArchiveNames::segmentFirst);
        if (name.isEmpty() || first.isEmpty()) {
            return false;
        }
        Offering offering = new Offering(name.get(), first.get(), next, end, taker);
        boolean taken = archive.read(name.get(), offering).isPresent();
        IOException failed = offering.failed;
        if (failed != null) {
            throw failed;
        }
        return taken;
    }

    /** Valid is the version that is taken; the search ends as well where taking fails. */
    private static final class Offering implements Validity {
        private final String name;
        private final SequenceNumber first;
        private final long next;
        private final long end;
        private final Taker taker;
        private @Nullable IOException failed;

        Offering(String name, SequenceNumber first, long next, long end, Taker taker) {
            this.name = name;
            this.first = first;
            this.next = next;
            this.end = end;
            this.taker = taker;
        }

        @Override
        public boolean holds(Bytes content) {
            Segment segment;
            try {
                segment = Segment.parse(first, content);
            } catch (IllegalArgumentException notOne) {
                return false;
            }
            try {
                return segment.end() > next && taker.take(entries(name, segment, next, end));
            } catch (IOException cause) {
                failed = cause;
                return true;
            }
        }
    }

    private static List<Entry> entries(String name, Segment segment, long next, long end) {
        List<Entry> out = new ArrayList<>();
        for (long at = next; at < Math.min(end, segment.end()); at++) {
            ArchivedEntry each = segment.entry(new SequenceNumber(at));
            ArchivedEntry.InBatch batch = each.batch();
            out.add(Entry.of(
                    new SequenceNumber(at),
                    name + " line " + (at - segment.first().value() + 1),
                    each.statement(),
                    batch == null
                            ? new EntrySignatures.Own(each.signatures())
                            : new EntrySignatures.InBatch(batch.first(), batch.path())));
        }
        return out;
    }

    /** The envelopes of batches, of several under one name the oldest that is signed by the log. */
    Batches batches(BatchSignatures signatures) {
        return (first, entry) -> archive.read(ArchiveNames.batch(first), content -> signatures.hold(first, content))
                .map(stored -> Envelope.parse(stored.content()))
                .orElse(null);
    }

    boolean holds(String name, Validity validity) throws StoreException {
        return archive.read(name, validity).isPresent();
    }

    /** Tiles tell nothing by themselves; what they lead to is compared with signed roots. */
    @Override
    public @Nullable Bytes read(String path) {
        try {
            Validity form = TileForm.of(path);
            return path.contains(".p/")
                    ? archive.readNewest(path).orElse(null)
                    : archive.read(path, form).map(Stored::content).orElse(null);
        } catch (StoreException unanswered) {
            throw new UncheckedIOException(unanswered);
        }
    }
}
