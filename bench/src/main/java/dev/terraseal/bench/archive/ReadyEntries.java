package dev.terraseal.bench.archive;

import dev.terraseal.archiver.topic.SignedEntries;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.schemas.AttestationRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The topic when everything is there already: as fast as the archiver takes it. One thread. */
final class ReadyEntries implements SignedEntries {
    private static final int POLL_MAX = 5_000;

    private final List<AttestationRecord> entries;
    private int at;
    private boolean exhausted;

    ReadyEntries(List<AttestationRecord> entries) {
        this.entries = entries;
    }

    boolean isExhausted() {
        return exhausted;
    }

    @Override
    public Optional<Extent> extent() {
        return Optional.empty();
    }

    @Override
    public void seek(SequenceNumber sequence) {
        at = Math.toIntExact(sequence.value());
    }

    @Override
    public List<AttestationRecord> poll(Duration atMost) {
        int to = Math.min(entries.size(), at + POLL_MAX);
        List<AttestationRecord> polled = entries.subList(at, to);
        at = to;
        exhausted = polled.isEmpty();
        return polled;
    }

    @Override
    public long behind() {
        return entries.size() - (long) at;
    }

    @Override
    public void close() {}
}
