package dev.terraseal.simulation.invariants;

import dev.terraseal.kafka.Topics;
import dev.terraseal.simulation.Damage;
import dev.terraseal.simulation.Evidence;
import dev.terraseal.simulation.Invariant;
import dev.terraseal.simulation.kafka.Partition;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
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

    /** What stages say of a log that is not as they left it. */
    private static final List<String> OF_DAMAGE = List.of(
            "ArchiverStoppedException",
            "DamagedLogException",
            "ForeignRecordException",
            "OffsetOutOfRangeException",
            "RefusedEntryException",
            "SequencerStoppedException");

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
                    evidence.stops().stream().anyMatch(StopsAtForks::stoppedAtForeign),
                    () -> "somebody else wrote an entry, and neither sequencer nor signer stopped: "
                            + evidence.stops());
        }
    }

    private static boolean stoppedAtForeign(String stop) {
        return (stop.startsWith("SEQUENCER ") || stop.startsWith("SIGNER "))
                && names(OF_DAMAGE).test(stop);
    }

    /** Unless power took it. */
    private static boolean foreign(Evidence evidence) {
        Partition sequenced = evidence.broker().partition(Topics.SEQUENCED);
        return LongStream.range(0, sequenced.end())
                .anyMatch(offset -> sequenced.at(offset).span() == null);
    }

    private static boolean foreseen(String stop, Damage damage, boolean lies) {
        List<String> allowed = new ArrayList<>(ALWAYS);
        if (lies) {
            allowed.add(LOST);
        }
        if (damage != Damage.NONE) {
            allowed.addAll(OF_DAMAGE);
        }
        if (damage == Damage.ROLLBACK) {
            allowed.add(OTHER_BATCH);
        }
        return names(allowed).test(stop);
    }

    private static Predicate<String> names(List<String> kinds) {
        return stop -> kinds.stream().anyMatch(stop::contains);
    }
}
