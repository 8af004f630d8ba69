package dev.terraseal.archiver;

import dev.terraseal.archiver.topic.SignedEntries;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.schemas.BatchPath;
import dev.terraseal.testkit.log.FixtureEntry;
import dev.terraseal.testkit.log.LogFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A stream that is a list; its entries come in polls of a chosen number. */
final class ListedEntries implements SignedEntries {
    final List<AttestationRecord> records;
    private final int perPoll;
    private final Runnable beforePoll;
    private int at;
    private int polls;

    /** @param beforePoll what others do while the archiver waits for entries */
    ListedEntries(List<AttestationRecord> records, int perPoll, Runnable beforePoll) {
        this.records = new ArrayList<>(records);
        this.perPoll = perPoll;
        this.beforePoll = beforePoll;
    }

    static List<AttestationRecord> of(LogFixture log) {
        List<AttestationRecord> records = new ArrayList<>();
        for (FixtureEntry entry : log.entries()) {
            records.add(record(entry));
        }
        return records;
    }

    static AttestationRecord record(FixtureEntry entry) {
        Statement statement = Statement.parse(entry.statement());
        return new AttestationRecord(
                statement.link().log(),
                statement.sequence(),
                statement.stream(),
                statement.type(),
                statement.entryHash(),
                statement.bytes(),
                entry.signatures(),
                entry.batch() < 0 ? null : new BatchPath(new SequenceNumber(entry.batch()), entry.path()));
    }

    /** Whether everything was given out and one poll came back empty. */
    boolean isExhausted() {
        return at >= records.size() && polls > 0;
    }

    @Override
    public Optional<Extent> extent() {
        return records.isEmpty()
                ? Optional.empty()
                : Optional.of(new Extent(
                        records.get(0).sequence(),
                        records.get(records.size() - 1).sequence()));
    }

    @Override
    public void seek(SequenceNumber sequence) {
        at = 0;
        polls = 0;
        while (at < records.size() && records.get(at).sequence().compareTo(sequence) < 0) {
            at++;
        }
    }

    @Override
    public List<AttestationRecord> poll(Duration atMost) {
        beforePoll.run();
        int to = Math.min(records.size(), at + perPoll);
        List<AttestationRecord> polled = List.copyOf(records.subList(at, to));
        polls = polled.isEmpty() ? polls + 1 : 0;
        at = to;
        return polled;
    }

    @Override
    public long behind() {
        return records.size() - (long) at;
    }

    @Override
    public void close() {}
}
