package dev.terraseal.core.chain;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;

/** Where a stream stands: how many entries it has, the log sequence of its newest and that one's entry hash. */
public record StreamHead(long count, SequenceNumber newest, Digest entryHash) {
    public StreamHead {
        if (count < 1) {
            throw new IllegalArgumentException("a stream without entries has no head");
        }
    }
}
