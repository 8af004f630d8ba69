package dev.terraseal.verifier.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.verifier.entries.Entry;
import dev.terraseal.verifier.entries.EntrySignatures;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.verdict.Findings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeReadingTest {
    private static final Instant BEGIN = Instant.parse("2026-11-22T02:00:00Z");

    private final LogFixture log = LogFixture.small();

    private TimeReading of(int entries) {
        List<Stamp> stamps = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            stamps.add(new Stamp(i + 1, BEGIN.plusSeconds(i), "CN=tsa"));
        }
        TimeReading reading = new TimeReading(
                new TimeBounds(stamps), log.log(), Question.INTEGRITY, new SignatureChecker(null), new Findings(true));
        Statement statement = Statement.parse(log.entries().get(0).statement());
        Entry first =
                Entry.ofItself("artifacts/0.json", log.entries().get(0).statement(), new EntrySignatures.Missing());
        for (int i = 0; i < entries; i++) {
            reading.see(
                    new Entry(
                            new SequenceNumber(i),
                            first.file(),
                            first.bytes(),
                            first.entryHash(),
                            first.leafHash(),
                            first.reading(),
                            first.signatures()),
                    statement);
        }
        return reading;
    }

    @Test
    void intervalsBeyondThoseItKeepsAreCounted() {
        Intervals all = of(TimeReading.INTERVALS_MAX).intervals();
        assertThat(all.kept()).hasSize(TimeReading.INTERVALS_MAX);
        assertThat(all.notKept()).isZero();
        Intervals more = of(TimeReading.INTERVALS_MAX + 5).intervals();
        assertThat(more.kept()).isEqualTo(all.kept());
        assertThat(more.notKept()).isEqualTo(5);
    }
}
