package dev.terraseal.core.statement;

import java.util.Locale;

/** Why an event is not in the log. The code is stable: programs and alerts match on it. */
public enum RejectionReason {
    /** Not Confluent framing, not Avro of its schema, bytes missing or left over, or nested too deep. */
    MALFORMED_RECORD,
    /** The registry answers that it knows no schema of this id. */
    UNKNOWN_SCHEMA,
    /** A schema that is not one of an Event. */
    WRONG_SCHEMA,
    BAD_ID,
    BAD_STREAM,
    /** A stream that begins with {@code _}, which belongs to the log itself. */
    RESERVED_STREAM,
    /** A type outside the closed list. */
    UNKNOWN_TYPE,
    /** A type whose body is another type's record. */
    BODY_MISMATCH,
    BAD_TIME,
    BAD_SUBJECTS,
    /** Text that is not well-formed UTF-8. */
    BAD_TEXT,
    /** A number outside ±(2^53 − 1). */
    BAD_NUMBER,
    /** A member whose value does not fit FORMATS: salt length, empty body, seen checkpoint. */
    BAD_VALUE,
    TOO_LARGE,
    TOO_DEEP,
    /** {@code verified} without an ingest key's signature that verifies. */
    UNAUTHENTICATED_IDENTITY,
    /** The id is in this stream already, with other content. */
    ID_CONFLICT,
    /** A key event whose authorisation does not verify. */
    UNAUTHORISED_KEY_EVENT,
    /** The log carries as many streams as it may. */
    TOO_MANY_STREAMS;

    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
