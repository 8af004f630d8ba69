package dev.terraseal.simulation.invariants;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.kafka.Topics;
import dev.terraseal.simulation.Evidence;
import dev.terraseal.simulation.Invariant;
import dev.terraseal.simulation.NaiveStatement;
import dev.terraseal.simulation.kafka.Committed;
import dev.terraseal.simulation.kafka.Rec;
import dev.terraseal.simulation.kafka.Wire;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * 7: what is chained, signed and archived is one string of bytes; what was rejected is kept as it came. Which bytes an
 * entry has is what the sequencer committed first.
 */
final class BytesKept implements Invariant {
    private static final int WHOLE = 512 * 1024;

    private final Committed sequenced = new Committed(Topics.SEQUENCED);
    private final Committed attestations = new Committed(Topics.ATTESTATIONS);
    private final Committed rejected = new Committed(Topics.REJECTED);
    private final Map<Long, Bytes> entries = new HashMap<>();
    private int archived;
    private int rollbacks;

    @Override
    public String name() {
        return "7 bytes are kept";
    }

    @Override
    public void check(Evidence evidence) {
        if (evidence.rollbacks() > rollbacks) {
            rollbacks = evidence.rollbacks();
            entries.clear();
        }
        for (Rec rec : sequenced.read(evidence.broker())) {
            if (rec.span() != null) {
                same(Wire.number(rec, "seq"), rec.sequenced(), "sequenced");
            }
        }
        for (Rec rec : attestations.read(evidence.broker())) {
            same(Wire.number(rec, "seq"), rec.attested(), "attestations");
        }
        evidence.archive().read();
        List<Bytes> statements = evidence.archive().statements();
        for (; archived < statements.size(); archived++) {
            if (rollbacks == 0) {
                same(archived, statements.get(archived), "the archive");
            }
        }
        for (Rec rec : rejected.read(evidence.broker())) {
            byte[] original = evidence.broker()
                    .partition(Topics.EVENTS)
                    .at(Wire.number(rec, "src"))
                    .value();
            require(
                    original.length > WHOLE || Find.in(rec.value(), original) >= 0,
                    () -> "what was rejected at offset " + Wire.number(rec, "src") + " is not kept as it came");
        }
    }

    private void same(long sequence, Bytes statement, String where) {
        Bytes before = entries.putIfAbsent(sequence, statement);
        require(
                before == null || before.equals(statement),
                () -> "entry " + sequence + " has other bytes in " + where + ": "
                        + NaiveStatement.read(statement).hash() + " and not "
                        + NaiveStatement.read(before).hash());
    }
}
