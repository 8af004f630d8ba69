package dev.terraseal.core.chain;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.statement.Statement;

/** The outcome of one step: the heads after it, and the bytes it made. {@link Statement#parse} accepts the bytes. */
public record Appended(LogHead log, StreamHead stream, SequenceNumber sequence, Bytes statement, Digest entryHash) {}
