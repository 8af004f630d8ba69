package dev.terraseal.export;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.verifier.bundle.BundleNames;
import dev.terraseal.verifier.bundle.Manifest;
import dev.terraseal.verifier.entries.Counts;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes artifacts in ascending order, as files or in shards, with their signatures and the batches they name. */
final class ArtifactWriter implements Closeable {
    private final BundleDirectory bundle;
    private final String prefix;
    private final ArchivedBatches envelopesOfBatches;
    private final boolean sharded;
    private final OutputStream signatures;
    private final @Nullable OutputStream envelopes;
    private final Counts counts = new Counts();
    private final List<Manifest.Shard> shards = new ArrayList<>();
    private @Nullable OutputStream batches;
    private @Nullable OutputStream shard;
    private long newestBatch = -1;
    private long inShard;
    private long shardFirst;
    private long last;
    private long written;
    private long batched;

    /** @param prefix where in the bundle: empty, or {@code key-events/} */
    ArtifactWriter(
            BundleDirectory bundle,
            String prefix,
            ArchivedBatches envelopesOfBatches,
            long count,
            boolean withEnvelopes)
            throws IOException {
        this.bundle = bundle;
        this.prefix = prefix;
        this.envelopesOfBatches = envelopesOfBatches;
        this.sharded = count > BundleNames.SHARD;
        this.signatures = bundle.open(prefix + BundleNames.SIGNATURES);
        this.envelopes = withEnvelopes ? bundle.open(BundleNames.ENVELOPES) : null;
    }

    void write(ArchivedEntry entry) throws IOException, ExportException {
        SequenceNumber sequence = entry.sequence();
        if (sharded) {
            writeToShard(entry);
        } else {
            bundle.put(
                    prefix + BundleNames.artifact(sequence), entry.statement().bytes());
        }
        line(signatures, entry.signatureLine());
        if (entry.isBatched()) {
            batched++;
            writeBatch(entry);
        } else if (envelopes != null) {
            line(envelopes, entry.envelope());
        }
        counts.add(entry.statement());
        last = sequence.value();
        written++;
    }

    private void writeToShard(ArchivedEntry entry) throws IOException {
        OutputStream open = shard;
        if (open == null || inShard == BundleNames.SHARD) {
            closeShard();
            shardFirst = entry.sequence().value();
            open = bundle.open(prefix + BundleNames.shard(entry.sequence()));
            shard = open;
        }
        line(open, entry.statement().bytes());
        inShard++;
    }

    private void closeShard() throws IOException {
        if (shard != null) {
            shard.close();
            shards.add(
                    new Manifest.Shard(BundleNames.shard(new SequenceNumber(shardFirst)), shardFirst, last, inShard));
            shard = null;
            inShard = 0;
        }
    }

    private void writeBatch(ArchivedEntry entry) throws IOException, ExportException {
        SequenceNumber first = entry.batch();
        if (first.value() == newestBatch) {
            return;
        }
        newestBatch = first.value();
        Envelope envelope = envelopesOfBatches
                .covering(entry)
                .orElseThrow(() -> ExportException.broken(
                        ArchiveNames.batch(first) + " has no version that is signed and holds entry " + entry.sequence()
                                + ", which names it; check it with 'terraseal verify ARCHIVE'"));
        if (batches == null) {
            batches = bundle.open(prefix + BundleNames.BATCHES);
        }
        line(batches, envelope.bytes());
    }

    private static void line(OutputStream out, Bytes content) throws IOException {
        content.writeTo(out);
        out.write('\n');
    }

    Counts counts() {
        return counts;
    }

    /** The shards, complete once this is closed. */
    List<Manifest.Shard> shards() {
        return List.copyOf(shards);
    }

    long written() {
        return written;
    }

    /** How many artifacts are signed in batches and so in no envelope. */
    long batched() {
        return batched;
    }

    @Override
    public void close() throws IOException {
        closeShard();
        signatures.close();
        if (batches != null) {
            batches.close();
        }
        if (envelopes != null) {
            envelopes.close();
        }
    }
}
