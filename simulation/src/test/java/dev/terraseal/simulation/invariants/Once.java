package dev.terraseal.simulation.invariants;

import dev.terraseal.kafka.Topics;
import dev.terraseal.simulation.Evidence;
import dev.terraseal.simulation.Invariant;
import dev.terraseal.simulation.NaiveStatement;
import dev.terraseal.simulation.kafka.Committed;
import dev.terraseal.simulation.kafka.Rec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** 3: an accepted (stream, id) appears exactly once, however often it was sent and whoever crashed. */
final class Once implements Invariant {
    private final Committed sequenced = new Committed(Topics.SEQUENCED);
    private final Map<String, Long> ids = new HashMap<>();

    @Override
    public String name() {
        return "3 once";
    }

    @Override
    public void check(Evidence evidence) {
        List<Rec> read = sequenced.read(evidence.broker());
        if (sequenced.anew()) {
            ids.clear();
        }
        for (Rec rec : read) {
            if (rec.span() != null) {
                NaiveStatement entry = rec.entry();
                Long before = ids.putIfAbsent(entry.stream() + "\u0000" + entry.id(), entry.sequence());
                require(
                        before == null,
                        () -> "event " + entry.id() + " of stream " + entry.stream() + " is entry " + before
                                + " and entry " + entry.sequence());
            }
        }
    }
}
