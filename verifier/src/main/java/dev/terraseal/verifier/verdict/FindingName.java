package dev.terraseal.verifier.verdict;

import java.util.Locale;

/** Everything a verification can find. The names are stable: programs read them. */
public enum FindingName {
    /** Not in the form it must have: a directory with two meanings, a zip with a spare byte, JSON that is not canonical. */
    MALFORMED,
    BAD_SEAL,
    HASH_MISMATCH,
    MISSING_FILE,
    STRANGER,
    WRONG_GENESIS,
    OTHER_LOG,
    MISSING_ENTRY,
    WRONG_PLACE,
    BROKEN_LINK,
    BROKEN_STREAM,
    CONTENT_MISMATCH,
    UNSIGNED,
    UNKNOWN_KEY,
    KEY_OUT_OF_USE,
    SUSPECT,
    BAD_SIGNATURE,
    BROKEN_ALGORITHM,
    /** An identity that was verified for somebody the trust file does not name. */
    OTHER_ISSUER,
    BAD_BATCH,
    BAD_CHECKPOINT,
    NOT_INCLUDED,
    TWO_HISTORIES,
    BAD_TILE,
    BAD_HEADS,
    BAD_KEY_EVENT,
    KEY_EVENT_HIDDEN,
    COUNT_MISMATCH,
    /** population.csv or the data of report.html is not what the artifacts give. */
    DERIVED_MISMATCH,
    /** A sample that the draw it names does not give. */
    OTHER_SAMPLE,
    TOKEN_MISSING,
    /** A time-stamp token that is none, is about something else, or does not hold. */
    BAD_TOKEN,
    /** A time that a token or a quoted head shows to be wrong: a clock, or somebody who says so. */
    TIME_OUTSIDE(false),
    COSIGNATURE_MISSING,
    BAD_COSIGNATURE,
    REQUEST_NOT_MET,
    /** Nothing is known about a signature because this Java cannot check it (exit 3). */
    NOT_CHECKABLE,
    /** A serial or state hash between two applies that no entry explains. */
    STATE_GAP(false),
    LINEAGE_CHANGED(false),
    LINEAGE_IN_TWO_STREAMS(false),
    EQUAL_SERIAL_OTHER_STATE(false),
    /** A producer quotes a checkpoint that this log never had: it was mistaken, or it was shown another history. */
    SEEN_OTHER_HISTORY(false),
    /** An object or a version beside those that count: anyone who may write to a bucket can put one there. */
    LEFT_OVER(false),
    /** A version with other bytes on top of the one that counts. */
    LATER_VERSION(false),
    /** A delete marker: readers who name no version no longer see the object. */
    DELETE_MARKER(false),
    /** Nothing keeps the object from being deleted. */
    NOT_LOCKED,
    /** Whoever may bypass it can end the lock. */
    GOVERNANCE_LOCK,
    /** The lock ends before the log promised. */
    RETENTION_SHORT,
    /** The lock ends before that of what it is needed to prove: to be extended. */
    RETENTION_DUE(false),
    /** The store's settings are not what an archive needs. */
    WRONG_SETTINGS(false);

    private final boolean failure;

    FindingName() {
        this(true);
    }

    FindingName(boolean failure) {
        this.failure = failure;
    }

    /** Whether the verification fails; the others are findings about the world, not about what was given. */
    public boolean isFailure() {
        return failure;
    }

    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
