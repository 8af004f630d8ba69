package dev.terraseal.verifier.entries;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.statement.Statement;

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
    /** An entry that nothing but its own statement gives a place; 0 where it is none. */
    public static Entry ofItself(String file, Bytes bytes, EntrySignatures signatures) {
        Digest entryHash = Digest.of(bytes);
        Reading reading = Reading.of(bytes, entryHash);
        Statement statement = reading.statement();
        return new Entry(
                statement == null ? SequenceNumber.ZERO : statement.sequence(),
                file,
                bytes,
                entryHash,
                Merkle.leafHash(entryHash),
                reading,
                signatures);
    }

    public static Entry of(SequenceNumber index, String file, Bytes bytes, EntrySignatures signatures) {
        Digest entryHash = Digest.of(bytes);
        return new Entry(
                index, file, bytes, entryHash, Merkle.leafHash(entryHash), Reading.of(bytes, entryHash), signatures);
    }
}
