package dev.terraseal.sequencer;

import dev.terraseal.kafka.Topics;

/** The topics the sequencer reads and writes. */
public record SequencerTopics(String events, String sequenced, String rejected, String outcomes, String checkpoints) {
    /** Those of FORMATS section 11. */
    public static final SequencerTopics STANDARD =
            new SequencerTopics(Topics.EVENTS, Topics.SEQUENCED, Topics.REJECTED, Topics.OUTCOMES, Topics.CHECKPOINTS);
}
