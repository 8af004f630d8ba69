package dev.terraseal.export;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.export.ArchivedLog.ArchivedHeads;
import dev.terraseal.store.StoreException;
import java.util.ArrayList;
import java.util.List;

/** The key events an archive holds. The newest heads entry says whether there are any; only then is the log read for them. */
final class KeyEventsFinder {
    private KeyEventsFinder() {}

    /** Key events in order, and the ring they make of log.json. */
    record Found(List<ArchivedEntry> events, KeyRing ring) {
        Found {
            events = List.copyOf(events);
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

    static Found find(ArchivedLog log, SignatureChecker checker, Progress progress)
            throws StoreException, ExportException {
        ArchivedHeads newest = log.newestHeads((1L << 53) - 1);
        StreamHead keys = newest == null ? null : newest.heads().streams().get(StreamId.KEYS);
        List<ArchivedEntry> events = new ArrayList<>();
        if (keys != null) {
            long end = keys.newest().value() + 1;
            collect(new SegmentEntries(log.archive(), 0, end), events, end, progress);
        }
        long unread = newest == null ? 0 : newest.sequence().value() + 1;
        collect(SegmentEntries.toTheEnd(log.archive(), unread), events, unread, progress);
        KeyRing ring = KeyRing.of(log.log());
        for (ArchivedEntry event : events) {
            ring = apply(ring, event, checker);
        }
        return new Found(events, ring);
    }

    private static void collect(SegmentEntries entries, List<ArchivedEntry> events, long total, Progress progress)
            throws StoreException, ExportException {
        for (ArchivedEntry entry = entries.next(); entry != null; entry = entries.next()) {
            long done = entry.sequence().value() + 1;
            progress.at("looking for key events", done, Math.max(done, total));
            if (entry.statement().stream().equals(StreamId.KEYS)) {
                events.add(entry);
            }
        }
    }

    private static KeyRing apply(KeyRing ring, ArchivedEntry entry, SignatureChecker checker) throws ExportException {
        SequenceNumber sequence = entry.sequence();
        try {
            return ring.apply(KeyEvent.fromBody(entry.statement().body()), sequence, checker);
        } catch (KeyRing.UnauthorisedException | UncheckableException | IllegalArgumentException refused) {
            throw new ExportException(
                    "entry " + sequence + " is a key event that must not be believed: " + refused.getMessage()
                            + "; check it with 'terraseal verify ARCHIVE'",
                    refused);
        }
    }
}
