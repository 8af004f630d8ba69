package dev.terraseal.simulation;

/** What can happen to one call. */
public enum Fault {
    /** An error comes back at once; nothing was done. */
    FAIL,
    /** No answer comes; nothing was done. */
    TIME_OUT,
    /** No answer comes; it was done. */
    PERSISTED,
    /** It is done, after others did something first. */
    DELAYED,
    /** The request arrives twice. */
    DUPLICATED,
    /** The process dies before it was done. */
    CRASH_BEFORE,
    /** The process dies after it was done and before it learns of it. */
    CRASH_AFTER
}
