package dev.terraseal.simulation;

import dev.terraseal.archiver.topic.SignedEntries;
import dev.terraseal.ingest.Tokens;
import dev.terraseal.kafka.KafkaClients;
import dev.terraseal.sequencer.SequencerVariation;
import dev.terraseal.signer.SignerVariation;
import dev.terraseal.store.ArchiveStore;

/** A planted bug: where it gets between a stage and what surrounds it. As it stands it changes nothing. */
public class Defect {
    public static final Defect NONE = new Defect();

    /** The name of a stage whose clients are asked for. */
    public enum Stage {
        INGEST,
        SEQUENCER,
        SIGNER,
        ARCHIVER
    }

    /** Kafka's clients of one process. */
    public KafkaClients clients(Stage stage, KafkaClients real, long life) {
        return real;
    }

    public SequencerVariation sequencer() {
        return new SequencerVariation();
    }

    public SignerVariation signer() {
        return new SignerVariation();
    }

    /** The store as the archiver sees it. */
    public ArchiveStore store(ArchiveStore real) {
        return real;
    }

    /** The stream as the archiver sees it; {@code memory} outlives the process. */
    public SignedEntries entries(SignedEntries real, long[] memory) {
        return real;
    }

    /** Who ingest takes the holder of this token for. */
    public Tokens.Caller caller(String token, Tokens.Caller real) {
        return real;
    }

    /** Whether ingest answers before the broker did. */
    public boolean answersEarly() {
        return false;
    }
}
