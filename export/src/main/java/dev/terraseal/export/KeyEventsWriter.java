package dev.terraseal.export;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.merkle.Proofs;
import dev.terraseal.export.ProvenLog.ArchivedHeads;
import dev.terraseal.verifier.bundle.BundleNames;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** key-events/: every entry of {@code _keys}, proven under the head, and the heads entry that says these are all. */
final class KeyEventsWriter {
    static final String PREFIX = "key-events/";

    private final ProvenLog log;
    private final BundleDirectory bundle;
    private final Proofs proofs;

    KeyEventsWriter(ProvenLog log, BundleDirectory bundle, Proofs proofs) {
        this.log = log;
        this.bundle = bundle;
        this.proofs = proofs;
    }

    /** @param events every key event under the head, in order */
    void write(ArchivedHeads closing, List<ArchivedEntry> events) throws IOException, ExportException, ProofException {
        List<ArchivedEntry> all = new ArrayList<>();
        long below = 0;
        for (ArchivedEntry event : events) {
            // Read again, for they were read before anybody could say whether their signatures hold.
            all.add(log.entry(event.sequence()));
            below += event.sequence().compareTo(closing.sequence()) < 0 ? 1 : 0;
        }
        StreamHead stated = closing.heads().streams().get(StreamId.KEYS);
        if ((stated == null ? 0 : stated.count()) != below) {
            throw ExportException.broken("the heads entry " + closing.sequence() + " says there are "
                    + (stated == null ? 0 : stated.count()) + " key events below it, the archive has " + below
                    + "; check it with 'terraseal verify ARCHIVE'");
        }
        // Later key events follow the heads entry; how many there are of them only the next one will say.
        all.add((int) below, log.entry(closing.sequence()));
        try (ArtifactWriter artifacts = new ArtifactWriter(bundle, PREFIX, log.batches(), all.size(), false);
                OutputStream paths = bundle.open(PREFIX + BundleNames.ENTRIES)) {
            for (ArchivedEntry entry : all) {
                artifacts.write(entry);
                entryProof(
                        paths,
                        entry.sequence(),
                        proofs.inclusion(entry.sequence().value()));
            }
        }
        bundle.put(PREFIX + BundleNames.STREAM, StreamProof.bytes(StreamId.KEYS, closing));
    }

    /** A line of proofs/entries.jsonl. */
    static void entryProof(OutputStream out, SequenceNumber sequence, List<Digest> path) throws IOException {
        Json.obj()
                .put("path", StreamProof.texts(path))
                .put("sequence", sequence.value())
                .build()
                .bytes()
                .writeTo(out);
        out.write('\n');
    }
}
