package dev.terraseal.testkit.s3;

/** What goes wrong with a call, and whether it was applied: a writer must hold in both cases. */
public enum Fault {
    /** 503 SlowDown, not applied (AWS: Best practices design patterns, optimizing performance). */
    THROTTLE,
    /** 500 InternalError, not applied. */
    FAIL,
    /** Applied, then 500 InternalError. */
    FAIL_AFTER_PERSISTING,
    /** Applied, then the connection ends without an answer. */
    DROP_AFTER_PERSISTING,
    /** Applied, then the connection ends in the middle of the answer. */
    HALF_AN_ANSWER,
    /** Nothing of ours: somebody deletes the object just before a write to it is done. */
    DELETED_JUST_BEFORE
}
