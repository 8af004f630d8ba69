package dev.terraseal.sequencer.state;

import dev.terraseal.core.log.LogDeclaration;

/**
 * What one log may hold.
 *
 * @param statementBytes of one entry
 * @param streams in the log, reserved ones not counted
 * @param streamNames characters of the names of all streams together
 */
public record Limits(long statementBytes, int streams, long streamNames) {
    /** A stream costs some 300 bytes for ever, and whoever may write one can name as many as he likes. */
    private static final int STREAMS_MAX = 1_000_000;

    /**
     * With {@link #STREAMS_MAX} it keeps the heads file, some 118 bytes and a name each, below what an archive holds (256 MiB):
     * a larger one could be neither kept nor left out.
     */
    private static final long STREAM_NAMES_MAX = 64L << 20;

    static Limits of(LogDeclaration declaration) {
        return new Limits(declaration.statementBytesLimit(), STREAMS_MAX, STREAM_NAMES_MAX);
    }
}
