package dev.terraseal.core.chain;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.SequenceNumber;

/** Where a log stands. {@code newest} is the entry hash of sequence {@code size − 1}, the genesis when the log is empty. */
public record LogHead(LogOrigin origin, Digest genesis, long size, Digest newest) {
    public static LogHead birth(LogOrigin origin, Digest genesis) {
        return new LogHead(origin, genesis, 0, genesis);
    }

    /** The sequence of the next entry. */
    public SequenceNumber next() {
        return new SequenceNumber(size);
    }
}
