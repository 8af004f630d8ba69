package dev.terraseal.simulation.kafka;

import dev.terraseal.simulation.Call;

/** What the calls of one stage's Kafka clients are called; null where the stage makes no such call. */
public record StageCalls(
        Call describe,
        Call end,
        Call committed,
        Call setOffset,
        Call topics,
        Call producers,
        Call read,
        Call poll,
        Call init,
        Call produce,
        Call offsets,
        Call commit) {
    public static final StageCalls INGEST = new StageCalls(
            null, null, null, null, null, null, null, Call.INGEST_POLL, null, Call.INGEST_PRODUCE, null, null);
    public static final StageCalls SEQUENCER = new StageCalls(
            Call.SEQUENCER_DESCRIBE,
            Call.SEQUENCER_END,
            Call.SEQUENCER_COMMITTED,
            Call.SEQUENCER_SET_OFFSET,
            null,
            null,
            Call.SEQUENCER_READ,
            Call.SEQUENCER_POLL,
            Call.SEQUENCER_INIT,
            Call.SEQUENCER_PRODUCE,
            Call.SEQUENCER_OFFSETS,
            Call.SEQUENCER_COMMIT);
    public static final StageCalls SIGNER = new StageCalls(
            null,
            Call.SIGNER_END,
            null,
            null,
            Call.SIGNER_TOPICS,
            Call.SIGNER_PRODUCERS,
            Call.SIGNER_READ,
            Call.SIGNER_POLL,
            Call.SIGNER_INIT,
            Call.SIGNER_PRODUCE,
            null,
            Call.SIGNER_COMMIT);
    public static final StageCalls ARCHIVER = new StageCalls(
            null,
            Call.ARCHIVER_END,
            null,
            null,
            null,
            null,
            Call.ARCHIVER_READ,
            Call.ARCHIVER_POLL,
            null,
            Call.ARCHIVER_PUBLISH,
            null,
            null);
}
