package dev.terraseal.archiver.state;

/** An entry that does not extend the log: unreadable, out of place, not chained, not signed. The message names it. */
public final class BrokenEntryException extends Exception {
    private static final long serialVersionUID = 1L;

    BrokenEntryException(long sequence, String what) {
        super("entry " + sequence + " " + what);
    }
}
