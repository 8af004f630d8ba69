package dev.terraseal.run.apply;

import dev.terraseal.run.spool.Intent;

/** How one attested apply went. */
public sealed interface Ended {
    /** Terraform's own once it has begun to apply; else {@link ApplySession#NOT_STARTED}, or what it ended with before. */
    int exitCode();

    /** There is nothing to record. */
    record NothingApplied(int exitCode) implements Ended {}

    /** The event of an apply that was begun is in the queue. */
    record Queued(int exitCode, ApplySession.Recorded recorded) implements Ended {}

    /**
     * Terraform applied, and the queue did not take the event.
     *
     * @param intent still held; to be discarded once the pipeline has the event, else closed
     * @param recorded the event from memory, with the intent's file as its file
     * @param why for a person
     */
    record NotQueued(int exitCode, Intent intent, ApplySession.Recorded recorded, String why) implements Ended {}
}
