package dev.terraseal.schemas.avro;

import dev.terraseal.core.statement.RejectionReason;

/**
 * Data that cannot be read, or has no canonical JSON form. It names the place as a JSON pointer, which grows outward
 * while the exception passes the enclosing values. It carries no stack trace: the data is at fault, not the program, and
 * whoever sends poison must not make it expensive.
 */
public final class RefusedDataException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final RejectionReason reason;
    private final String what;
    private String pointer = "";

    public RefusedDataException(RejectionReason reason, String what) {
        super(what);
        this.reason = reason;
        this.what = what;
    }

    /** A refusal for what another class found wrong, in its words. */
    public static RefusedDataException because(RejectionReason reason, Throwable found) {
        return new RefusedDataException(reason, String.valueOf(found.getMessage()));
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    /** Says that the value at fault lies inside the member or item {@code segment}. Returns this. */
    public RefusedDataException within(String segment) {
        pointer = "/" + segment.replace("~", "~0").replace("/", "~1") + pointer;
        return this;
    }

    public RejectionReason reason() {
        return reason;
    }

    /** RFC 6901 pointer to the value at fault; empty for the whole. */
    public String pointer() {
        return pointer;
    }

    /** What is wrong there, without the place. */
    public String what() {
        return what;
    }

    @Override
    public String getMessage() {
        return pointer.isEmpty() ? what : pointer + ": " + what;
    }
}
