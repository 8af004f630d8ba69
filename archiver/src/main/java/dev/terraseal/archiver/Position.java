package dev.terraseal.archiver;

import dev.terraseal.archiver.state.LogState;

/** Where the loop is; made anew whenever the archive is taken up. */
final class Position {
    /** What is archived. */
    final LogState state;

    final ArchiveWriter writer;
    /** The newest archived entries, against which the stream is held. */
    final StreamComparison archived;

    /** What was taken since. */
    Pending pending;
    /** The sequence expected next from the stream. */
    long next;

    Position(LogState state, ArchiveWriter writer, StreamComparison archived) {
        this.state = state;
        this.writer = writer;
        this.archived = archived;
        this.pending = new Pending(state);
    }
}
