package dev.terraseal.export;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.merkle.Proofs;
import dev.terraseal.export.ProvenLog.ArchivedHeads;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import dev.terraseal.verifier.bundle.BundleNames;
import dev.terraseal.verifier.bundle.CheckpointLayer;
import dev.terraseal.verifier.bundle.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One bundle, file by file, into a directory that nobody sees yet. */
final class BundleExport {
    private final ArchiveReader archive;
    private final MessageSigner exportKey;
    private final SignatureChecker checker;
    private final InstantSource clock;
    private final String version;
    private final Progress progress;
    private final Map<String, Bytes> docs;

    BundleExport(
            ArchiveReader archive,
            MessageSigner exportKey,
            SignatureChecker checker,
            InstantSource clock,
            String version,
            Progress progress,
            Map<String, Bytes> docs) {
        this.archive = archive;
        this.exportKey = exportKey;
        this.checker = checker;
        this.clock = clock;
        this.version = version;
        this.progress = progress;
        this.docs = docs;
    }

    Exported write(ExportRequest request, Path directory)
            throws ExportException, IOException, ProofException, SigningException {
        BundleDirectory bundle = new BundleDirectory(directory);
        ArchivedLog log = ArchivedLog.open(archive, checker);
        KeyEventsFinder.Found keys = KeyEventsFinder.find(log, progress);
        ProvenLog under = keys.under();
        Checkpoint head = under.head();
        SignedNote note = log.cosigned(keys.note(), keys.ring(), request.witnesses());
        Chosen chosen = new EntryChoice(under, progress).choose(request.selection());
        bundle.put(BundleNames.LOG, log.log().bytes());
        bundle.put(BundleNames.CHECKPOINT, note.bytes());
        bundle.put(BundleNames.EXPORT_KEY, exportKey.key().pem());
        writeKeys(bundle, log, keys);
        Proofs proofs = under.proofs();
        EntriesExport entries = new EntriesExport(under, bundle, proofs, progress);
        Manifest manifest;
        try (PopulationWriter population = new PopulationWriter(bundle, chosen.count())) {
            entries.write(chosen, population, request.envelopes());
            manifest = manifest(chosen, head, entries);
            population.writeReport(log.log(), manifest, exportKey.key().keyid().hex());
        }
        writeKeyEvents(new KeyEventsWriter(under, bundle, proofs), keys, chosen);
        StampsExport stamps = StampsExport.choose(log, keys, chosen);
        stamps.write(bundle);
        TreeSet<Long> older = new TreeSet<>(stamps.sizes());
        older.remove(head.size());
        older.addAll(entries.seenSizes());
        writeConsistency(bundle, request, log, keys.ring(), head, proofs, older);
        for (Map.Entry<String, Bytes> doc : docs.entrySet()) {
            bundle.put(ArchiveNames.DOCS + doc.getKey(), doc.getValue());
        }
        bundle.put(BundleNames.MANIFEST, manifest.bytes());
        writePages(bundle, log, keys, manifest, entries.example(), stamps.newest());
        seal(bundle);
        return new Exported(
                directory,
                log.log().genesis(),
                chosen.first(),
                chosen.end() - 1,
                chosen.count(),
                head.size(),
                remarks(request, chosen, under, entries),
                null);
    }

    private static void writePages(
            BundleDirectory bundle,
            ArchivedLog log,
            KeyEventsFinder.Found keys,
            Manifest manifest,
            @Nullable Example example,
            StampsExport.@Nullable Newest stamp)
            throws IOException {
        Optional<Bytes> page = VerifierPage.bytes();
        if (page.isPresent()) {
            bundle.put(BundleNames.PAGE, page.get());
        }
        boolean logKeyChanged = keys.introduced().stream()
                .anyMatch(key -> key.use() == KeyUse.LOG && key.algorithm() == Algorithm.ED25519_SHA_512);
        bundle.put(
                BundleNames.README,
                new ReadmeText(log.log(), keys.ring(), manifest, logKeyChanged).of(example, page.isPresent(), stamp));
    }

    /** What whoever asked should know about what the bundle leaves out. */
    private static List<String> remarks(ExportRequest request, Chosen chosen, ProvenLog log, EntriesExport entries)
            throws StoreException, ExportException {
        List<String> remarks = new ArrayList<>();
        if (request.envelopes() && entries.batched() > 0) {
            remarks.add(BundleNames.ENVELOPES + " leaves out " + entries.batched()
                    + " artifacts: their signature is a batch's, which is no envelope of one statement");
        }
        ArchivedHeads closing = chosen.closing();
        StreamId stream = chosen.query().stream();
        if (closing != null && stream != null) {
            long later = 0;
            SegmentEntries after = log.entriesFrom(closing.sequence().value() + 1);
            for (ArchivedEntry entry = after.next(); entry != null; entry = after.next()) {
                later += entry.statement().stream().equals(stream) ? 1 : 0;
            }
            if (later > 0) {
                remarks.add("stream " + stream + " goes on after heads entry " + closing.sequence() + ": " + later
                        + " later entries are left out, for no heads entry says yet that they are all");
            }
        }
        return remarks;
    }

    private static void writeKeys(BundleDirectory bundle, ArchivedLog log, KeyEventsFinder.Found keys)
            throws IOException {
        for (DeclaredKey key : log.log().keys()) {
            bundle.put(ArchiveNames.key(key.keyid()), key.pem());
        }
        for (DeclaredKey key : keys.introduced()) {
            bundle.put(ArchiveNames.key(key.keyid()), key.pem());
        }
    }

    private static void writeKeyEvents(KeyEventsWriter writer, KeyEventsFinder.Found keys, Chosen chosen)
            throws IOException, ExportException, ProofException {
        ArchivedHeads closing = keys.under().newestHeads();
        boolean whole = chosen.query().kind() == Manifest.Kind.ALL;
        if (closing != null) {
            writer.write(closing, keys.events());
        } else if (!whole || !keys.events().isEmpty()) {
            throw ExportException.notYet(
                    "the log has no heads entry under its newest checkpoint yet, and without one a part of it cannot show that no"
                            + " key was withdrawn; export the whole log, or wait for the next heads entry ("
                            + keys.ring().log().heartbeat().toMinutes() + " minutes)");
        }
    }

    private void writeConsistency(
            BundleDirectory bundle,
            ExportRequest request,
            ArchivedLog log,
            KeyRing keys,
            Checkpoint head,
            Proofs proofs,
            TreeSet<Long> seen)
            throws IOException, ExportException, ProofException {
        TreeSet<Long> sizes = new TreeSet<>(seen);
        sizes.addAll(request.fromSizes());
        for (SignedNote from : request.from()) {
            sizes.add(openFrom(from, log, keys).size());
        }
        for (long size : sizes) {
            if (size < 1 || size > head.size()) {
                throw ExportException.asked("there is no proof from a checkpoint of size " + size
                        + " to the newest one of size " + head.size());
            }
            StringBuilder lines = new StringBuilder();
            for (Digest hash : proofs.consistency(size)) {
                lines.append(hash.base64()).append('\n');
            }
            bundle.put(BundleNames.CONSISTENCY + size, lines.toString());
        }
    }

    private Checkpoint openFrom(SignedNote from, ArchivedLog log, KeyRing keys) throws ExportException {
        try {
            return CheckpointLayer.open(from, log.log(), keys, checker).checkpoint();
        } catch (NoteException | UncheckableException refused) {
            throw ExportException.asked(
                    "--from-checkpoint is no checkpoint of this log: " + refused.getMessage(), refused);
        }
    }

    private Manifest manifest(Chosen chosen, Checkpoint head, EntriesExport entries) {
        return new Manifest(
                chosen.query(),
                chosen.first(),
                chosen.end() - 1,
                chosen.count(),
                entries.counts().byType(),
                entries.counts().byOutcome(),
                head.size(),
                entries.shards(),
                new Timestamp(clock.instant().toEpochMilli()),
                version);
    }

    private void seal(BundleDirectory bundle) throws IOException, SigningException {
        Bytes sums = bundle.sums();
        bundle.putUnlisted(BundleNames.SUMS, sums);
        bundle.putUnlisted(BundleNames.SEAL, exportKey.sign(sums));
    }
}
