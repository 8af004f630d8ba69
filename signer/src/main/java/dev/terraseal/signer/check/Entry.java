package dev.terraseal.signer.check;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;

/**
 * One record of {@code terraseal.sequenced}, as it was found there; nothing in it is believed yet.
 *
 * @param offset where it was found, for messages
 * @param source offset of its event, passed on in the header {@code src}
 * @param headerSequence header {@code seq}
 * @param headerHash header {@code eh}
 */
public record Entry(
        long offset,
        long source,
        SequenceNumber headerSequence,
        Digest headerHash,
        SequenceNumber sequence,
        StreamId stream,
        Digest entryHash,
        Bytes statement) {}
