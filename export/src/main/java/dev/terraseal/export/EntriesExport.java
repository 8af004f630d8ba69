package dev.terraseal.export;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.merkle.Proofs;
import dev.terraseal.export.ProvenLog.ArchivedHeads;
import dev.terraseal.verifier.bundle.BundleNames;
import dev.terraseal.verifier.bundle.Manifest;
import dev.terraseal.verifier.entries.Counts;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The artifacts of a bundle with their proofs and attachments; each entry is proven under the head as it is read. */
final class EntriesExport {
    /** So many older checkpoints that producers saw are connected with the head; more say nothing new. */
    private static final int SEEN_MAX = 1000;

    private final ProvenLog log;
    private final BundleDirectory bundle;
    private final Proofs proofs;
    private final Checkpoint head;
    private final Progress progress;
    private final Attachments attachments;
    private final TreeSet<Long> seenSizes = new TreeSet<>();
    private final Example.Search examples = new Example.Search();
    private Counts counts = new Counts();
    private List<Manifest.Shard> shards = List.of();
    private long batched;

    EntriesExport(ProvenLog log, BundleDirectory bundle, Proofs proofs, Progress progress)
            throws IOException, ExportException {
        this.log = log;
        this.bundle = bundle;
        this.proofs = proofs;
        this.head = log.head();
        this.progress = progress;
        this.attachments = new Attachments(log.log());
    }

    void write(Chosen chosen, PopulationWriter population, boolean envelopes)
            throws IOException, ExportException, ProofException {
        ArtifactWriter artifacts = new ArtifactWriter(bundle, "", log.batches(), chosen.count(), envelopes);
        Sequences single = chosen.single();
        try (artifacts) {
            if (single == null) {
                writeRange(chosen, artifacts, population);
            } else {
                writeSelected(single, artifacts, population);
            }
        }
        population.finish();
        StreamId stream = chosen.query().stream();
        ArchivedHeads closing = chosen.closing();
        if (stream != null && closing != null) {
            bundle.put(BundleNames.STREAM, StreamProof.bytes(stream, closing));
        }
        counts = artifacts.counts();
        shards = artifacts.shards();
        batched = artifacts.batched();
        attachments.write(bundle);
    }

    private void writeRange(Chosen chosen, ArtifactWriter artifacts, PopulationWriter population)
            throws IOException, ExportException, ProofException {
        SegmentEntries entries = log.entries(chosen.first(), chosen.end());
        for (ArchivedEntry entry = entries.next(); entry != null; entry = entries.next()) {
            take(entry, artifacts, population);
            progress.at("exporting", artifacts.written(), chosen.count());
        }
        bundle.put(BundleNames.RANGE, proofs.range(chosen.first(), chosen.end()).bytes());
    }

    private void writeSelected(Sequences single, ArtifactWriter artifacts, PopulationWriter population)
            throws IOException, ExportException, ProofException {
        SegmentEntries entries = log.entriesFrom(single.first());
        try (OutputStream paths = bundle.open(BundleNames.ENTRIES)) {
            for (int i = 0; i < single.size(); i++) {
                ArchivedEntry entry = entries.skipTo(single.at(i));
                List<Digest> path = proofs.inclusion(single.at(i));
                take(entry, artifacts, population);
                KeyEventsWriter.entryProof(paths, entry.sequence(), path);
                progress.at("exporting", artifacts.written(), single.size());
            }
        }
    }

    private void take(ArchivedEntry entry, ArtifactWriter artifacts, PopulationWriter population)
            throws IOException, ExportException {
        artifacts.write(entry);
        population.write(entry);
        attachments.see(entry.statement());
        examples.see(entry);
        Json.Obj seen = entry.statement().seenCheckpoint();
        if (seen != null
                && seenSizes.size() < SEEN_MAX
                && seen.get("size") instanceof Json.Num size
                && size.value() > 0
                && size.value() <= head.size()) {
            seenSizes.add(size.value());
        }
    }

    Counts counts() {
        return counts;
    }

    List<Manifest.Shard> shards() {
        return shards;
    }

    /** How many artifacts are signed in batches. */
    long batched() {
        return batched;
    }

    /** Sizes of checkpoints that producers say they saw. */
    TreeSet<Long> seenSizes() {
        return seenSizes;
    }

    /** An artifact to check by hand; null if all are signed in batches. */
    @Nullable Example example() {
        return examples.found();
    }
}
