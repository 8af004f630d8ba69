package dev.terraseal.witness.monitor;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.core.tiles.TileSource;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.ArchivedEntry;
import dev.terraseal.store.Segment;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.TileForm;
import dev.terraseal.store.Validity;
import dev.terraseal.verifier.entries.Batches;
import dev.terraseal.verifier.entries.Entry;
import dev.terraseal.verifier.entries.EntrySignatures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The entries of an archive as somebody else's store gives them. Of a segment that version counts which goes on. */
final class ArchivedStatements implements Batches, TileSource {
    private final ArchiveReader archive;

    ArchivedStatements(ArchiveReader archive) {
        this.archive = archive;
    }

    /**
     * The entries from {@code next} on that lie in one segment, below {@code end}; none if the archive does not have the
     * next one, or not as a continuation of {@code newest}.
     */
    List<Entry> from(long next, long end, Digest newest) throws StoreException {
        Optional<String> name =
                archive.newestNumbered(ArchiveNames.SEGMENTS, ArchiveNames.SEGMENT_SUFFIX, new SequenceNumber(next));
        Optional<SequenceNumber> first = name.flatMap(ArchiveNames::segmentFirst);
        if (name.isEmpty() || first.isEmpty()) {
            return List.of();
        }
        Optional<Stored> stored = archive.read(name.get(), content -> goesOn(content, first.get(), next, newest));
        if (stored.isEmpty()) {
            // Whatever lies there is shown to the checks, so that they say what is wrong with it.
            stored = archive.read(name.get(), content -> isSegment(content, first.get(), next));
        }
        return stored.isEmpty() ? List.of() : entries(stored.get(), first.get(), next, end);
    }

    private static List<Entry> entries(Stored stored, SequenceNumber first, long next, long end) {
        List<Entry> out = new ArrayList<>();
        Segment segment = Segment.parse(first, stored.content());
        for (long at = next; at < Math.min(end, segment.end()); at++) {
            ArchivedEntry each = segment.entry(new SequenceNumber(at));
            ArchivedEntry.InBatch batch = each.batch();
            out.add(Entry.of(
                    new SequenceNumber(at),
                    stored.name() + " line " + (at - first.value() + 1),
                    each.statement(),
                    batch == null
                            ? new EntrySignatures.Own(each.signatures())
                            : new EntrySignatures.InBatch(batch.first(), batch.path())));
        }
        return out;
    }

    private static boolean isSegment(Bytes content, SequenceNumber first, long next) {
        try {
            return Segment.parse(first, content).end() > next;
        } catch (IllegalArgumentException notOne) {
            return false;
        }
    }

    private static boolean goesOn(Bytes content, SequenceNumber first, long next, Digest newest) {
        try {
            Segment segment = Segment.parse(first, content);
            return segment.end() > next
                    && Statement.parse(segment.entry(new SequenceNumber(next)).statement())
                            .link()
                            .prevHash()
                            .equals(newest);
        } catch (IllegalArgumentException notOne) {
            return false;
        }
    }

    @Override
    public @Nullable Envelope envelope(SequenceNumber first) throws IOException {
        Optional<Stored> stored = archive.read(ArchiveNames.batch(first), ArchivedStatements::isEnvelope);
        return stored.isEmpty() ? null : Envelope.parse(stored.get().content());
    }

    private static boolean isEnvelope(Bytes content) {
        try {
            return !Envelope.parse(content).signatures().isEmpty();
        } catch (IllegalArgumentException notOne) {
            return false;
        }
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
