package dev.terraseal.verifier.entries;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.merkle.Merkle;

/**
 * One entry as it was read: its leaf index, where it lies for messages, and the exact statement bytes with what follows
 * from nothing else.
 */
public record Entry(
        SequenceNumber index,
        String file,
        Bytes bytes,
        Digest entryHash,
        Digest leafHash,
        Reading reading,
        EntrySignatures signatures) {
    public static Entry of(SequenceNumber index, String file, Bytes bytes, EntrySignatures signatures) {
        Digest entryHash = Digest.of(bytes);
        return new Entry(
                index, file, bytes, entryHash, Merkle.leafHash(entryHash), Reading.of(bytes, entryHash), signatures);
    }
}
