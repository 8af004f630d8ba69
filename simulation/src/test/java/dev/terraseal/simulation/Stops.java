package dev.terraseal.simulation;

import java.util.List;

/** Why processes ended by themselves: the stage and what it threw. */
public final class Stops {
    private static final List<String> OF_DAMAGE = List.of(
            "ArchiverStoppedException",
            "DamagedLogException",
            "ForeignRecordException",
            "OffsetOutOfRangeException",
            "RefusedEntryException",
            "SequencerStoppedException");

    private Stops() {}

    /** Whether a stage says that the log is not as it left it. */
    public static boolean ofDamage(String stop) {
        return OF_DAMAGE.stream().anyMatch(stop::contains);
    }

    /** Whether one says so that reads {@code terraseal.sequenced}. */
    public static boolean ofDamagedEntries(String stop) {
        return (stop.startsWith("SEQUENCER ") || stop.startsWith("SIGNER ")) && ofDamage(stop);
    }
}
