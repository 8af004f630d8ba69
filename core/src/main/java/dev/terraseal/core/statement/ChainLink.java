package dev.terraseal.core.statement;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.SequenceNumber;

/** An entry's place: in its log and in its stream, each with the entry hash before it (the genesis for the first). */
public record ChainLink(
        LogOrigin log,
        SequenceNumber sequence,
        Digest prevHash,
        SequenceNumber streamSequence,
        Digest streamPrevHash) {}
