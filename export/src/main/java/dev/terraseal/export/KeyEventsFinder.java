package dev.terraseal.export;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.export.ProvenLog.ArchivedHeads;
import dev.terraseal.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest head of a log and the key events under it. Which key signs a checkpoint the events below it say, and they are
 * believed once a checkpoint covers them: so from a head that the keys so far can open to the next one.
 *
 * <p>The newest heads entry says whether there are key events; only then is the log read for them.
 */
final class KeyEventsFinder {
    private final ArchivedLog log;
    private final Progress progress;
    private final List<ArchivedEntry> events = new ArrayList<>();
    private KeyRing ring;
    private long read;

    private KeyEventsFinder(ArchivedLog log, Progress progress) {
        this.log = log;
        this.progress = progress;
        this.ring = KeyRing.of(log.log());
    }

    /**
     * The newest head, the key events under it in order, and the keys they make of log.json.
     *
     * @param note of the head, with the log's own line
     */
    record Found(ProvenLog under, SignedNote note, List<ArchivedEntry> events, KeyRing ring) {
        Found {
            events = List.copyOf(events);
        }

        /** The leaf indices of key-events/. */
        List<Long> shown() throws StoreException, ExportException {
            List<Long> indices = new ArrayList<>();
            events.forEach(event -> indices.add(event.sequence().value()));
            ArchivedHeads closing = under.newestHeads();
            if (closing != null) {
                indices.add(closing.sequence().value());
            }
            return indices;
        }

        /** The keys that key events brought. */
        List<DeclaredKey> introduced() {
            List<DeclaredKey> keys = new ArrayList<>();
            for (ArchivedEntry event : events) {
                for (KeyEvent.NewKey key :
                        KeyEvent.fromBody(event.statement().body()).keys()) {
                    keys.add(key.key());
                }
            }
            return keys;
        }
    }

    static Found find(ArchivedLog log, Progress progress) throws StoreException, ExportException, ProofException {
        return new KeyEventsFinder(log, progress).find();
    }

    private Found find() throws StoreException, ExportException, ProofException {
        HeadSearch search = new HeadSearch(log);
        SignedNote note = search.newest(ring, -1);
        if (note == null) {
            note = log.locked(0, ring);
        }
        if (note == null) {
            throw ExportException.notYet("the archive has no checkpoint that its log signed; is the archiver running?");
        }
        ProvenLog under = readUnder(note);
        for (SignedNote newer = newer(search, under); newer != null; newer = newer(search, under)) {
            note = newer;
            under = readUnder(note);
        }
        if (log.locked(under.size(), ring) == null) {
            throw ExportException.broken("checkpoints/" + under.size() + " is signed by no log key in force at its size"
                    + "; check it with 'terraseal verify ARCHIVE'");
        }
        return new Found(under.with(ring), note, events, ring);
    }

    private @Nullable SignedNote newer(HeadSearch search, ProvenLog under) throws StoreException, ProofException {
        SignedNote newer = search.newest(ring, under.size());
        return newer != null ? newer : search.following(under, ring);
    }

    private ProvenLog readUnder(SignedNote note) throws StoreException, ExportException, ProofException {
        Checkpoint head = ArchivedLog.stated(note);
        ProvenLog under = ProvenLog.withoutKeys(log, head, ring);
        ArchivedHeads newest = under.newestHeads();
        if (newest != null && newest.sequence().value() >= read) {
            StreamHead keys = newest.heads().streams().get(StreamId.KEYS);
            if (keys != null) {
                collect(under, keys.newest().value() + 1, newest.sequence().value());
            }
            read = newest.sequence().value() + 1;
        }
        collect(under, under.size(), newest == null ? -1 : newest.sequence().value());
        return under;
    }

    /** @param closed the newest heads entry whose leaves are there, -1 if none is; one above it has lost them */
    private void collect(ProvenLog under, long end, long closed) throws StoreException, ExportException {
        SegmentEntries entries = under.entries(read, end);
        for (ArchivedEntry entry = entries.next(); entry != null; entry = entries.next()) {
            progress.at("looking for key events", entry.sequence().value() + 1, end);
            if (entry.statement().type() == PredicateType.HEADS
                    && entry.sequence().value() > closed) {
                throw under.withoutLeaves(entry.sequence());
            }
            if (entry.statement().stream().equals(StreamId.KEYS)) {
                ring = apply(ring, entry);
                events.add(entry);
            }
        }
        read = Math.max(read, end);
    }

    private KeyRing apply(KeyRing before, ArchivedEntry entry) throws ExportException {
        SequenceNumber sequence = entry.sequence();
        try {
            return before.apply(KeyEvent.fromBody(entry.statement().body()), sequence, log.checker());
        } catch (KeyRing.UnauthorisedException | UncheckableException | IllegalArgumentException refused) {
            throw ExportException.broken(
                    "entry " + sequence + " is a key event that must not be believed: " + refused.getMessage()
                            + "; check it with 'terraseal verify ARCHIVE'",
                    refused);
        }
    }
}
