package dev.terraseal.simulation;

/** What the world can do next. */
public enum Step {
    /** A pipeline sends events: new ones, old ones again, an id with other content, what is no event. */
    SUBMIT,
    /** The control record that asks for a heads entry. */
    TICK,
    /** Ingest reads what became of events. */
    FOLLOW,
    SEQUENCER,
    SIGNER,
    ARCHIVER,
    /** Some transaction markers arrive; what took too long is aborted. */
    BROKER,
    /** The wall clock jumps, either way. */
    CLOCK,
    /** {@code kill -9} of one process between two calls. */
    KILL,
    /** All processes and the broker are gone; each partition keeps some prefix of what was not flushed. */
    POWER_LOSS,
    /** A second process of a stage is started while the first one lives. */
    SECOND,
    /** The sequencer is killed and its state directory is gone. */
    STATE_LOST,
    /** Somebody puts an object that is not ours into the store, or a delete marker over one that is. */
    PLANT
}
