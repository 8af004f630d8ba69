package dev.terraseal.simulation.invariants;

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

/** 1: sequences 0 to n − 1 exist exactly once, in the log and in every stream, on both topics of entries. */
final class Dense implements Invariant {
    private final Committed sequenced = new Committed(Topics.SEQUENCED);
    private final Committed attestations = new Committed(Topics.ATTESTATIONS);
    private final Map<String, Long> streams = new HashMap<>();
    private long entries;
    private long attested;

    @Override
    public String name() {
        return "1 dense";
    }

    @Override
    public void check(Evidence evidence) {
        List<Rec> read = sequenced.read(evidence.broker());
        if (sequenced.anew()) {
            streams.clear();
            entries = 0;
        }
        for (Rec rec : read) {
            if (rec.span() == null) {
                continue; // Written by somebody else: it is the signer's to refuse.
            }
            NaiveStatement statement = rec.entry();
            long expected = entries++;
            require(
                    statement.sequence() == expected && Wire.number(rec, "seq") == expected,
                    () -> "sequenced has entry " + statement.sequence() + " at offset " + rec.offset() + " where "
                            + expected + " belongs");
            long inStream = streams.merge(statement.stream(), 1L, Long::sum) - 1;
            require(
                    statement.streamSequence() == inStream,
                    () -> "entry " + expected + " is number " + statement.streamSequence() + " of stream "
                            + statement.stream() + " where " + inStream + " belongs");
        }
        attestations(evidence);
    }

    private void attestations(Evidence evidence) {
        List<Rec> read = attestations.read(evidence.broker());
        if (attestations.anew()) {
            attested = 0;
        }
        for (Rec rec : read) {
            long expected = attested++;
            require(
                    rec.attestation().sequence() == expected && Wire.number(rec, "seq") == expected,
                    () -> "attestations has entry " + Wire.number(rec, "seq") + " at offset " + rec.offset() + " where "
                            + expected + " belongs");
        }
    }
}
