package dev.terraseal.archiver;

import dev.terraseal.archiver.state.Advance;
import dev.terraseal.archiver.state.BrokenEntryException;
import dev.terraseal.archiver.state.CheckedEntry;
import dev.terraseal.archiver.state.LogState;
import dev.terraseal.archiver.state.LoneCheck;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.store.Segment;
import java.util.ArrayList;
import java.util.List;

/** Entries that were taken from the stream and checked, and are not archived yet: the next segment. */
final class Pending {
    private final SequenceNumber first;
    private final Advance advance;
    private final List<CheckedEntry> entries = new ArrayList<>();
    private long bytes;

    Pending(LogState state) {
        this.first = new SequenceNumber(state.head().size());
        this.advance = state.begin();
    }

    void take(LoneCheck alone) throws BrokenEntryException {
        entries.add(advance.check(alone));
        bytes += alone.entry().lineBytes();
    }

    /** The keys after the entries that were taken. */
    KeyRing keys() {
        return advance.keys();
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    boolean reaches(ArchiverConfig.Limits limits) {
        return entries.size() >= limits.segmentEntries() || bytes >= limits.segmentBytes();
    }

    List<CheckedEntry> entries() {
        return entries;
    }

    Segment segment() {
        return new Segment(first, entries.stream().map(CheckedEntry::entry).toList());
    }

    void commit() {
        advance.commit();
    }
}
