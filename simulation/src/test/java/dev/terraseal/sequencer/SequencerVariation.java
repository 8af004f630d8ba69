package dev.terraseal.sequencer;

/** Where a planted bug may get between the sequencer and what surrounds it. As it stands it changes nothing. */
public class SequencerVariation {
    /** What is on the topics, as the sequencer sees it. */
    protected LogTopics topics(LogTopics real) {
        return real;
    }

    /** Whether {@code init()} is called on a task that is taken up again after an abort. */
    protected boolean initAgain() {
        return true;
    }

    /** After {@code init()}. */
    protected void found(SequenceProcessor processor) {}

    /** Before each event. */
    protected void before(SequenceProcessor processor, long offset) {}

    /** A record for {@code terraseal.outcomes}. */
    protected byte[] outcome(byte[] record) {
        return record;
    }

    /** The time an event is said to have been received. */
    protected long received(long appended, long wall) {
        return appended;
    }
}
