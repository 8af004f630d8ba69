package dev.terraseal.bench.archive;

import dev.terraseal.archiver.topic.SignedEntries;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.schemas.AttestationRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The topic as it fills at a rate, and the clock that goes with it: time passes only while an entry is waited for, so that
 * a thousand seconds of a slow log take none. One thread.
 */
final class PacedEntries implements SignedEntries, InstantSource {
    private static final int POLL_MAX = 5_000;

    private final List<AttestationRecord> entries;
    private final long nanosApart;
    private final Instant begin;
    private Instant now;
    private int at;
    private boolean exhausted;

    PacedEntries(List<AttestationRecord> entries, int perSecond, Instant begin) {
        this.entries = entries;
        this.nanosApart = 1_000_000_000L / perSecond;
        this.begin = begin;
        this.now = begin;
    }

    @Override
    public Instant instant() {
        return now;
    }

    /** Whether everything was given out and the time after it was waited out. */
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
        if (isDue(at)) {
            return due();
        }
        exhausted = at >= entries.size();
        Instant until = now.plus(atMost);
        now = at < entries.size() && time(at).isBefore(until) ? time(at) : until;
        return due();
    }

    private List<AttestationRecord> due() {
        int from = at;
        while (isDue(at) && at - from < POLL_MAX) {
            at++;
        }
        return List.copyOf(entries.subList(from, at));
    }

    private boolean isDue(int index) {
        return index < entries.size() && !time(index).isAfter(now);
    }

    private Instant time(int index) {
        return begin.plusNanos(index * nanosApart);
    }

    @Override
    public long behind() {
        return 0;
    }

    @Override
    public void close() {}
}
