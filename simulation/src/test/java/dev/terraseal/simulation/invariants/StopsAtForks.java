package dev.terraseal.simulation.invariants;

import dev.terraseal.kafka.Topics;
import dev.terraseal.simulation.Damage;
import dev.terraseal.simulation.Evidence;
import dev.terraseal.simulation.Invariant;
import dev.terraseal.simulation.Stops;
import dev.terraseal.simulation.kafka.Partition;
import java.util.List;
import java.util.stream.LongStream;

/**
 * 5, for the stages: one that sees a fork or a foreign entry stops, and none says so of a log that nobody damaged. What else
 * ends a process is what its clients met, or that another one has its place.
 */
final class StopsAtForks implements Invariant {
    /** Whatever happened to the log. */
    private static final List<String> ALWAYS = List.of(
            "FencedException",
            "InvalidProducerEpochException",
            "KafkaException: no fetch",
            "KafkaUnavailableException",
            "ProducerFencedException",
            "RebalanceInProgressException",
            "TimeoutException",
            "UndecidedTransactionException",
            // Two of them at once: one is ahead, or moved what the other had just read.
            "ArchiverStoppedException: another archiver is at size",
            "SequencerStoppedException: the group's offset was moved while the sequencer started");

    private static final String LOST = "ArchiverStoppedException: the archive does not give back";

    /** What a batch was signed over does not come again. */
    private static final String OTHER_BATCH =
            "SigningException: entries # to # on terraseal.sequenced are not those that were signed before";

    private int looked;

    @Override
    public String name() {
        return "5 stops at a fork";
    }

    @Override
    public void check(Evidence evidence) {
        for (; looked < evidence.stops().size(); looked++) {
            String stop = evidence.stops().get(looked);
            require(
                    foreseen(stop, evidence.damage(), evidence.lies()),
                    () -> stop + ": of a log "
                            + (evidence.damage() == Damage.NONE
                                    ? "that nobody damaged"
                                    : "that saw " + evidence.damage()));
        }
    }

    @Override
    public void checkDamaged(Evidence evidence) {
        check(evidence);
        if (evidence.damage() == Damage.FOREIGN && foreign(evidence)) {
            require(
                    evidence.stops().stream().anyMatch(Stops::ofDamagedEntries),
                    () -> "somebody else wrote an entry, and neither sequencer nor signer stopped: "
                            + evidence.stops());
        }
    }

    /** Unless power took it. */
    private static boolean foreign(Evidence evidence) {
        Partition sequenced = evidence.broker().partition(Topics.SEQUENCED);
        return LongStream.range(0, sequenced.end())
                .anyMatch(offset -> sequenced.at(offset).span() == null);
    }

    private static boolean foreseen(String stop, Damage damage, boolean lies) {
        return ALWAYS.stream().anyMatch(stop::contains)
                || lies && stop.contains(LOST)
                || damage != Damage.NONE && Stops.ofDamage(stop)
                || damage == Damage.ROLLBACK && stop.contains(OTHER_BATCH);
    }
}
