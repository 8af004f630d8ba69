package dev.terraseal.simulation;

/** What happens to the log of a run that no answer promised it would survive. */
public enum Damage {
    NONE,
    /** All topics are put back from an old copy, and pipelines go on. */
    ROLLBACK,
    /** Somebody else writes an entry to {@code terraseal.sequenced}. */
    FOREIGN
}
