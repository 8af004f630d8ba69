package dev.terraseal.simulation;

import java.util.List;

/** Why a process ended by itself, without what differs from run to run. */
final class Stops {
    /** Those a stage throws on purpose, or Kafka's clients at it. Anything else is a fault nobody thought of. */
    private static final List<String> FORESEEN = List.of(
            "ArchiverStoppedException",
            "DamagedLogException",
            "FencedException",
            "ForeignRecordException",
            "InvalidProducerEpochException",
            // The sequencer's own words for a record of sequenced that is no statement; DamagedLogException would say
            // more.
            "JsonException: not a statement of this log",
            "KafkaException: no fetch",
            "KafkaUnavailableException",
            "OffsetOutOfRangeException",
            "ProducerFencedException",
            "RebalanceInProgressException",
            "RefusedEntryException",
            "SequencerStoppedException",
            // After all topics were put back from an old copy: what a batch was signed over does not come again.
            "SigningException: entries # to # on terraseal.sequenced are not those that were signed before",
            "TimeoutException",
            "UndecidedTransactionException");

    private Stops() {}

    static boolean foreseen(String kind) {
        // Nobody moves it while a sequencer finds its state: said so, it misjudged what it found.
        return !kind.contains("the group's offset was moved")
                && FORESEEN.stream().anyMatch(kind::contains);
    }

    static String kind(Throwable ended) {
        String message = String.valueOf(ended.getMessage());
        String kind = ended.getClass().getSimpleName() + ": "
                + message.replaceAll("[0-9a-f]{16,}", "#").replaceAll("\\d+", "#");
        return kind.substring(0, Math.min(150, kind.length()));
    }
}
