package dev.terraseal.verifier.time;

import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.verifier.entries.Entry;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The entries in ascending order: the interval of each, what claims fall outside, how far the log's clock is away. */
public final class TimeReading {
    /** What clocks that are kept may be apart. */
    static final Duration TOLERANCE = Duration.ofMinutes(1);

    static final int INTERVALS_MAX = 10_000;

    private final TimeBounds bounds;
    private final QuotedHeads quoted;
    private final Findings findings;
    private final List<Interval> intervals = new ArrayList<>();
    private long notKept;
    private @Nullable Interval run;
    private @Nullable Instant notBefore;
    private @Nullable Duration leastLag;
    private @Nullable Duration mostLag;

    public TimeReading(
            TimeBounds bounds, LogDeclaration log, Question question, SignatureChecker checker, Findings findings) {
        this.bounds = bounds;
        // Also of heads before the demand begins: what no quorum saw proves no time.
        this.quoted = new QuotedHeads(
                log.origin(), question.trust() == null ? null : question.trust().witnessPolicy(), checker);
        this.findings = findings;
    }

    public void see(Entry entry, Statement statement) {
        long index = entry.index().value();
        Instant own = quoted.seenAt(statement.seenCheckpoint());
        if (own != null && (notBefore == null || own.isAfter(notBefore))) {
            notBefore = own;
        }
        Instant notAfter = bounds.notAfter(index).orElse(null);
        extend(index, notBefore, notAfter);
        Instant received = instant(statement.receivedAt());
        Instant occurred = instant(statement.occurredAt());
        claim(entry, "was received", received, notBefore, notAfter);
        claim(entry, "occurred", occurred, own, notAfter);
        for (Stamp stamp : bounds.over(index)) {
            Duration lag = Duration.between(received, stamp.time());
            leastLag = leastLag == null || lag.compareTo(leastLag) < 0 ? lag : leastLag;
            mostLag = mostLag == null || lag.compareTo(mostLag) > 0 ? lag : mostLag;
        }
    }

    private static Instant instant(Timestamp time) {
        return Instant.ofEpochMilli(time.epochMillis());
    }

    private void extend(long index, @Nullable Instant from, @Nullable Instant to) {
        Interval last = run;
        if (from == null && to == null && last == null) {
            return;
        }
        if (last != null && Objects.equals(last.notBefore(), from) && Objects.equals(last.notAfter(), to)) {
            run = new Interval(last.first(), index, from, to);
            return;
        }
        close();
        run = new Interval(index, index, from, to);
    }

    private void close() {
        Interval last = run;
        if (last == null) {
            return;
        }
        if (intervals.size() < INTERVALS_MAX) {
            intervals.add(last);
        } else {
            notKept++;
        }
    }

    private void claim(Entry entry, String what, Instant time, @Nullable Instant from, @Nullable Instant to) {
        if (to != null && time.isAfter(to.plus(TOLERANCE))) {
            outside(entry, what, time, "a token shows that it was in the log by " + to);
        } else if (from != null && time.isBefore(from.minus(TOLERANCE))) {
            outside(entry, what, time, "it came after a head that witnesses saw at " + from);
        }
    }

    private void outside(Entry entry, String what, Instant time, String but) {
        findings.add(
                Layer.TIME,
                FindingName.TIME_OUTSIDE,
                entry.file(),
                "entry " + entry.index() + " says it " + what + " at " + time + "; " + but);
    }

    /** Runs of entries with one interval; at most 10,000 of them are kept. */
    public Intervals intervals() {
        List<Interval> all = new ArrayList<>(intervals);
        long more = notKept;
        if (run != null && all.size() < INTERVALS_MAX) {
            all.add(run);
        } else if (run != null) {
            more++;
        }
        return new Intervals(all, more);
    }

    /** How long before each token the newest entry under it was received, by the log's clock; empty without tokens. */
    String skew() {
        if (leastLag == null || mostLag == null) {
            return "";
        }
        return "by the log's clock the newest entry came " + seconds(leastLag)
                + (leastLag.equals(mostLag) ? "" : " to " + seconds(mostLag)) + " s before its token";
    }

    private static String seconds(Duration lag) {
        return BigDecimal.valueOf(lag.toMillis(), 3).stripTrailingZeros().toPlainString();
    }
}
