package dev.terraseal.ingest;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.merkle.Proofs;
import dev.terraseal.core.proof.TlogProof;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.core.tiles.TileReader;
import dev.terraseal.ingest.follow.ArchivedEntries;
import dev.terraseal.ingest.follow.LogTail;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.TileForm;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Entries and receipts, wherever they are by now: the tail of the topic first, then the archive. What it hands out is
 * checked by whoever receives it; this only finds it.
 */
public final class LogReader {
    private final LogDeclaration log;
    private final ArchiveReader archive;
    private final LogTail tail;
    private final ArchivedEntries segments;
    private final SegmentRoom room = new SegmentRoom();
    private final Lines lines;
    private final boolean ofOneAnswer;
    private @Nullable TileReader tilesOfAnswer;
    private final List<Statement> archivedKeyEvents;

    /** Where a line of the archive comes from. */
    private interface Lines {
        Optional<ArchivedEntries.Line> at(SequenceNumber sequence) throws StoreException;
    }

    /** @param archivedKeyEvents every key event of the archive when following began, oldest first */
    public LogReader(LogDeclaration log, ArchiveReader archive, LogTail tail, List<Bytes> archivedKeyEvents) {
        this.log = log;
        this.archivedKeyEvents =
                archivedKeyEvents.stream().map(Statement::parse).toList();
        this.archive = archive;
        this.tail = tail;
        this.segments = new ArchivedEntries(archive);
        this.lines = this::lineAt;
        this.ofOneAnswer = false;
    }

    private LogReader(LogReader shared, ArchiveReader archive, Lines lines) {
        this.log = shared.log;
        this.archivedKeyEvents = shared.archivedKeyEvents;
        this.archive = archive;
        this.tail = shared.tail;
        this.segments = shared.segments;
        this.lines = lines;
        this.ofOneAnswer = true;
    }

    /** For the receipts of one answer: what they have in common is read once. Ask in the order of the entries. */
    public OneAnswer oneAnswer() {
        return new OneAnswer(this);
    }

    /** See {@link #oneAnswer}. For one thread. */
    public static final class OneAnswer implements AutoCloseable {
        private final SegmentAtHand atHand;
        private final LogReader reader;

        private OneAnswer(LogReader shared) {
            atHand = new SegmentAtHand(shared.segments, shared.room);
            reader = new LogReader(shared, new ReadOnce(shared.archive), atHand::at);
        }

        public Optional<Receipt> receipt(SequenceNumber sequence) throws StoreException {
            return reader.receipt(sequence);
        }

        @Override
        public void close() {
            atHand.close();
        }
    }

    private Optional<ArchivedEntries.Line> lineAt(SequenceNumber sequence) throws StoreException {
        room.enter();
        try {
            return segments.at(sequence);
        } finally {
            room.leave();
        }
    }

    /**
     * The entry as a segment line: a DSSE envelope, or payload with its place in a batch. Empty if there is none yet; one
     * that is below the checkpoint and not in the archive is a {@link StoreException}, for waiting does not bring it.
     */
    public Optional<Json.Obj> entry(SequenceNumber sequence) throws StoreException {
        Optional<AttestationRecord> recent = tail.entry(sequence);
        if (recent.isPresent()) {
            return Optional.of(line(recent.get()));
        }
        // Before the archive is read: what a checkpoint covers by then is there.
        long covered = tail.checkpointSize();
        if (sequence.value() >= covered) {
            return Optional.empty();
        }
        ArchivedEntries.Line line = lines.at(sequence).orElseThrow(() -> missing(sequence, covered));
        return Optional.of(line.json());
    }

    /** The archived entries from {@code from} to the end of the segment that holds it, as {@link #entry} does for one. */
    public List<ArchivedEntries.Line> archived(SequenceNumber from) throws StoreException {
        long covered = tail.checkpointSize();
        if (from.value() >= covered) {
            return List.of();
        }
        List<ArchivedEntries.Line> found;
        room.enter();
        try {
            found = segments.from(from);
        } finally {
            room.leave();
        }
        if (found.isEmpty()) {
            throw missing(from, covered);
        }
        return found;
    }

    private static StoreException missing(SequenceNumber sequence, long covered) {
        return StoreException.lasting("entry " + sequence + " is below the checkpoint of size " + covered
                + " and no segment of the archive holds it; 'terraseal audit' names what is missing");
    }

    /** The envelope of the batch that begins there; the signer kept it before any entry named it. */
    public Optional<Bytes> batch(SequenceNumber first) throws StoreException {
        return archive.read(ArchiveNames.batch(first), content -> isBatch(first, content))
                .map(Stored::content);
    }

    private boolean isBatch(SequenceNumber first, Bytes content) {
        try {
            Envelope envelope = Envelope.parse(content);
            Batch batch = Batch.parse(envelope.payload());
            return batch.first().equals(first)
                    && batch.genesis().equals(log.genesis())
                    && envelope.payloadType().equals(Dsse.BATCH);
        } catch (IllegalArgumentException planted) {
            return false;
        }
    }

    /** The receipt of an entry, with its proof once a checkpoint covers it. Empty if there is no such entry yet. */
    public Optional<Receipt> receipt(SequenceNumber sequence) throws StoreException {
        Optional<Json.Obj> line = entry(sequence);
        if (line.isEmpty()) {
            return Optional.empty();
        }
        Json.Obj json = line.get();
        TlogProof proof = proof(sequence);
        List<Receipt.ProvenKeyEvent> keys = keyEvents(sequence, proof);
        if (json.has("signatures")) {
            return Optional.of(new Receipt(log, new Receipt.Own(Envelope.fromJson(json)), proof, keys));
        }
        SequenceNumber first = new SequenceNumber(json.number("batch"));
        Bytes batch = batch(first)
                .orElseThrow(() -> StoreException.lasting(ArchiveNames.batch(first) + " is missing from the archive"));
        List<Digest> path = new ArrayList<>();
        json.array("path").strings().forEach(hash -> path.add(Digest.fromBase64(hash)));
        return Optional.of(new Receipt(
                log, new Receipt.InBatch(Envelope.parse(batch), path, json.base64("payload")), proof, keys));
    }

    /** Those that say which keys were in force at the entry, and at the checkpoint over it. */
    private List<Receipt.ProvenKeyEvent> keyEvents(SequenceNumber sequence, @Nullable TlogProof proof)
            throws StoreException {
        List<Statement> all = new ArrayList<>(archivedKeyEvents);
        for (AttestationRecord recent : tail.keyEvents()) {
            if (all.isEmpty() || all.get(all.size() - 1).sequence().compareTo(recent.sequence()) < 0) {
                all.add(Statement.parse(recent.statement()));
            }
        }
        List<Receipt.ProvenKeyEvent> out = new ArrayList<>();
        long end = proof == null ? sequence.value() : size(proof);
        for (Statement event : all) {
            if (event.sequence().value() < end) {
                out.add(new Receipt.ProvenKeyEvent(
                        event.bytes(), proof == null ? List.of() : path(event.sequence(), end)));
            }
        }
        return out;
    }

    private static long size(TlogProof proof) throws StoreException {
        try {
            return Checkpoint.parse(proof.checkpoint().text()).size();
        } catch (NoteException broken) {
            throw StoreException.lasting("the newest checkpoint cannot be read: " + broken.getMessage(), broken);
        }
    }

    private @Nullable TlogProof proof(SequenceNumber sequence) throws StoreException {
        Optional<SignedNote> note = tail.checkpoint();
        if (note.isEmpty()) {
            return null;
        }
        try {
            // Of this very note: by now the tail may have a larger one.
            long size = Checkpoint.parse(note.get().text()).size();
            return sequence.value() >= size ? null : new TlogProof(sequence.value(), path(sequence, size), note.get());
        } catch (NoteException broken) {
            throw StoreException.lasting("the newest checkpoint cannot be read: " + broken.getMessage(), broken);
        }
    }

    private List<Digest> path(SequenceNumber sequence, long size) throws StoreException {
        try {
            return new Proofs(tiles(size), size).inclusion(sequence.value());
        } catch (ProofException broken) {
            throw StoreException.lasting(
                    "the archive's tiles do not lead to its checkpoint (" + broken.getMessage()
                            + "): check it with terraseal verify",
                    broken);
        } catch (UncheckedIOException unreadable) {
            throw StoreException.passing(String.valueOf(unreadable.getMessage()), unreadable);
        }
    }

    /** Of one answer the tiles are parsed once; the reader they share is for one thread. */
    private TileReader tiles(long size) {
        TileReader known = tilesOfAnswer;
        if (known != null && known.size() == size) {
            return known;
        }
        TileReader tiles = new TileReader(this::tile, size);
        if (ofOneAnswer) {
            tilesOfAnswer = tiles;
        }
        return tiles;
    }

    private @Nullable Bytes tile(String path) {
        try {
            Optional<Bytes> full = archive.read(path, TileForm.of(path)).map(Stored::content);
            return full.isPresent() ? full.get() : archive.readNewest(path).orElse(null);
        } catch (StoreException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Json.Obj line(AttestationRecord entry) {
        Json.Builder line =
                Json.obj().put("payload", entry.statement().base64()).put("payloadType", Dsse.STATEMENT);
        if (entry.batch() != null) {
            List<String> path = new ArrayList<>();
            entry.batch().path().forEach(hash -> path.add(hash.base64()));
            return line.put("batch", entry.batch().first().value())
                    .put("path", Json.texts(path))
                    .build();
        }
        List<Json> signatures = new ArrayList<>();
        for (DsseSignature signature : entry.signatures()) {
            signatures.add(signature.json());
        }
        return line.put("signatures", Json.arr(signatures)).build();
    }
}
