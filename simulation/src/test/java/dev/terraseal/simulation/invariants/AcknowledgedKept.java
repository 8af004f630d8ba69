package dev.terraseal.simulation.invariants;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.kafka.Topics;
import dev.terraseal.simulation.Evidence;
import dev.terraseal.simulation.Invariant;
import dev.terraseal.simulation.NaiveStatement;
import dev.terraseal.simulation.Sent;
import dev.terraseal.simulation.kafka.Committed;
import dev.terraseal.simulation.kafka.Partition;
import dev.terraseal.simulation.kafka.Rec;
import dev.terraseal.simulation.kafka.Wire;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * 4: what was acknowledged is on the topic of events, byte for byte, whatever crashed since; and when all has come to
 * rest it is in the log and in the archive, or somebody was told why not.
 */
final class AcknowledgedKept implements Invariant {
    private int looked;
    private int cuts;
    private int rollbacks;

    @Override
    public String name() {
        return "4 acknowledged means kept";
    }

    @Override
    public void check(Evidence evidence) {
        Partition events = evidence.broker().partition(Topics.EVENTS);
        if (events.cuts() != cuts) {
            cuts = events.cuts();
            looked = 0;
        }
        if (evidence.rollbacks() > rollbacks) {
            // Somebody put an old copy of all topics back: beyond what an acknowledgement promises. No fork may come of
            // it.
            rollbacks = evidence.rollbacks();
            evidence.acknowledged().clear();
            looked = 0;
        }
        List<Sent> acknowledged = evidence.acknowledged();
        for (; looked < acknowledged.size(); looked++) {
            Sent sent = acknowledged.get(looked);
            require(
                    sent.offset() < events.end()
                            && Bytes.copyOf(events.at(sent.offset()).value()).equals(sent.framed()),
                    () -> "event " + sent.id() + " of stream " + sent.stream() + " was acknowledged at offset "
                            + sent.offset() + ", where it is not");
        }
    }

    @Override
    public void checkAtRest(Evidence evidence) {
        check(evidence);
        Map<String, NaiveStatement> log = new HashMap<>();
        Set<Long> entries = new HashSet<>();
        for (Rec rec : new Committed(Topics.SEQUENCED).read(evidence.broker())) {
            NaiveStatement entry = rec.entry();
            log.put(entry.stream() + "\u0000" + entry.id(), entry);
            entries.add(Wire.number(rec, "src"));
        }
        Set<Long> refused = new HashSet<>();
        new Committed(Topics.REJECTED).read(evidence.broker()).forEach(rec -> refused.add(Wire.number(rec, "src")));
        for (Sent sent : evidence.acknowledged()) {
            NaiveStatement entry = log.get(sent.stream() + "\u0000" + sent.id());
            String what = "event " + sent.id() + " of stream " + sent.stream() + ", acknowledged at offset "
                    + sent.offset() + ", ";
            boolean same = entry != null && entry.body().get("outcome").equals(sent.outcome());
            require(
                    entries.contains(sent.offset()) || same || refused.contains(sent.offset()),
                    () -> what + "is neither an entry, nor the same as one, nor rejected");
            require(
                    entry == null
                            || entry.sequence()
                                    < evidence.archive().statements().size(),
                    () -> what + "is entry " + entry.sequence() + ", and the archive ends before it");
        }
    }
}
