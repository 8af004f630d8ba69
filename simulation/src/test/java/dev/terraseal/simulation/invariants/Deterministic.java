package dev.terraseal.simulation.invariants;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.kafka.Topics;
import dev.terraseal.simulation.Evidence;
import dev.terraseal.simulation.Invariant;
import dev.terraseal.simulation.NaiveStatement;
import dev.terraseal.simulation.kafka.Partition;
import dev.terraseal.simulation.kafka.Rec;
import dev.terraseal.simulation.kafka.Wire;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;

/**
 * 8: what is derived again is the same bytes. Every statement that was ever appended for an event is held against every
 * other, those of aborted transactions included; its time is the broker's.
 */
final class Deterministic implements Invariant {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Map<Long, Bytes> derived = new HashMap<>();
    private Partition partition;
    private long next;
    private int cuts;
    private int rollbacks;

    @Override
    public String name() {
        return "8 deterministic";
    }

    @Override
    public void check(Evidence evidence) {
        Partition now = evidence.broker().partition(Topics.SEQUENCED);
        if (now != partition || now.cuts() != cuts) {
            partition = now;
            cuts = now.cuts();
            next = 0;
        }
        if (evidence.rollbacks() > rollbacks) {
            rollbacks = evidence.rollbacks();
            derived.clear();
        }
        for (; next < now.end(); next++) {
            Rec rec = now.at(next);
            if (!rec.marker() && rec.span() != null) {
                derived(rec, evidence);
            }
        }
    }

    private void derived(Rec rec, Evidence evidence) {
        long source = Wire.number(rec, "src");
        Bytes statement = rec.sequenced();
        Bytes before = derived.putIfAbsent(source, statement);
        require(
                before == null || before.equals(statement),
                () -> "event " + source + " became entry "
                        + NaiveStatement.read(statement).sequence()
                        + " with other bytes than when it was derived before: " + statement.utf8() + " and before "
                        + before.utf8());
        if (before == null) {
            long appended =
                    evidence.broker().partition(Topics.EVENTS).at(source).timestamp();
            String received = rec.entry().receivedAt();
            require(
                    received.equals(TIME.format(Instant.ofEpochMilli(appended))),
                    () -> "event " + source + " says it was received at " + received
                            + ", and the broker appended it at " + Instant.ofEpochMilli(appended));
        }
    }
}
