package dev.terraseal.archiver.resume;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.core.receipt.ReceiptCheck;
import dev.terraseal.core.receipt.ReceiptVerification;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.ArchivedEntry;
import dev.terraseal.store.Segment;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import dev.terraseal.store.Version;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An archive with the entries behind its end that receipts still hold, as if it had archived each in a segment of its own.
 * What the archive has goes first; what a receipt adds counts only if it extends the log and is signed, as everything else
 * above the newest checkpoint. Nothing is written to the archive: its archiver does that once the entries are on the topic.
 */
public final class ReceiptsAbove implements ArchiveReader {
    private static final String VERSION = "receipt";

    private final ArchiveReader archive;
    private final TreeMap<String, Bytes> segments = new TreeMap<>();
    private final Map<String, Bytes> batches = new HashMap<>();

    private ReceiptsAbove(ArchiveReader archive) {
        this.archive = archive;
    }

    /**
     * @param receipts each by the name of what it was read from
     * @throws ResumeRefusedException if one does not hold for this log, or two are of one entry and differ: then the log
     *     signed two histories already
     */
    public static ArchiveReader over(
            ArchiveReader archive, Map<String, Receipt> receipts, LogDeclaration log, SignatureChecker checker)
            throws ResumeRefusedException {
        if (receipts.isEmpty()) {
            return archive;
        }
        ReceiptsAbove all = new ReceiptsAbove(archive);
        for (Map.Entry<String, Receipt> each : receipts.entrySet()) {
            ReceiptCheck check = ReceiptVerification.check(each.getValue(), log.genesis(), checker);
            if (check instanceof ReceiptCheck.Refused refused) {
                throw new ResumeRefusedException(each.getKey() + " is no receipt of this log: " + refused.reason());
            } else if (check instanceof ReceiptCheck.Unknown unknown) {
                throw new ResumeRefusedException(each.getKey() + " cannot be checked: " + unknown.reason());
            }
            all.add(each.getKey(), each.getValue());
        }
        return all;
    }

    private void add(String from, Receipt receipt) throws ResumeRefusedException {
        SequenceNumber sequence = receipt.statement().sequence();
        String name = ArchiveNames.segment(sequence);
        Bytes before = segments.put(name, new Segment(sequence, List.of(entry(receipt))).bytes());
        if (before != null
                && !Segment.parse(sequence, before)
                        .entry(sequence)
                        .statement()
                        .equals(receipt.signed().statement())) {
            throw new ResumeRefusedException(from + " and another receipt given here are of entry " + sequence
                    + " and hold two statements: the log signed two histories. Keep both, and take neither up");
        }
    }

    private ArchivedEntry entry(Receipt receipt) {
        if (receipt.signed() instanceof Receipt.InBatch inBatch) {
            Envelope envelope = inBatch.batch();
            SequenceNumber first = Batch.parse(envelope.payload()).first();
            batches.put(ArchiveNames.batch(first), envelope.bytes());
            return new ArchivedEntry(inBatch.statement(), List.of(), new ArchivedEntry.InBatch(first, inBatch.path()));
        }
        Envelope own = ((Receipt.Own) receipt.signed()).envelope();
        return new ArchivedEntry(own.payload(), own.signatures(), null);
    }

    /**
     * That no receipt is of an entry the log would go on without: it holds the log's signature over a statement in a place
     * that another would take.
     */
    public static void requireUsed(ArchiveReader reader, long end) throws ResumeRefusedException {
        if (reader instanceof ReceiptsAbove above && !above.segments.isEmpty()) {
            SequenceNumber newest = ArchiveNames.segmentFirst(above.segments.lastKey())
                    .orElseThrow(() -> new IllegalStateException("no segment name: " + above.segments.lastKey()));
            if (newest.value() >= end) {
                throw new ResumeRefusedException("a receipt of entry " + newest
                        + " is here, and nothing holds entry " + end + ", or what is given of it does not follow entry "
                        + (end - 1) + ": give the receipts of all entries from " + end + " to " + newest
                        + ", or give up those you cannot find by leaving out the ones above them");
            }
        }
    }

    @Override
    public Optional<Stored> read(String name, Validity validity) throws StoreException {
        Optional<Stored> kept = archive.read(name, validity);
        Bytes content = segments.containsKey(name) ? segments.get(name) : batches.get(name);
        return kept.isPresent() || content == null || !validity.holds(content)
                ? kept
                : Optional.of(new Stored(name, VERSION, content));
    }

    @Override
    public Optional<Bytes> readNewest(String name) throws StoreException {
        return archive.readNewest(name);
    }

    @Override
    public List<Version> versions(String name) throws StoreException {
        return archive.versions(name);
    }

    @Override
    public List<String> names(String prefix, String after, int limit) throws StoreException {
        return archive.names(prefix, after, limit);
    }

    @Override
    public Optional<String> newestNumbered(String prefix, String suffix, SequenceNumber bound) throws StoreException {
        return archive.newestNumbered(prefix, suffix, bound);
    }

    @Override
    public String immutability() {
        return archive.immutability();
    }

    /** The archive stays open: whoever opened it closes it. */
    @Override
    public void close() {}
}
