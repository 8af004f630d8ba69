package dev.terraseal.schemas;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.schemas.avro.AvroInput;
import dev.terraseal.schemas.avro.AvroOutput;

/** A value of {@code terraseal.sequenced}: an entry in its place. */
public record SequencedRecord(SequenceNumber sequence, StreamId stream, Digest entryHash, Bytes statement) {

    public byte[] encode(int schemaId) {
        int nameBytes = stream.value().length(); // ASCII
        // Exact, so that the statement is copied once and into the array the producer gets.
        int bytes = AvroOutput.sizeOf(sequence.value())
                + AvroOutput.sizeOf(nameBytes)
                + nameBytes
                + Digest.LENGTH
                + AvroOutput.sizeOf(statement.length())
                + statement.length();
        return AvroOutput.framed(schemaId, bytes)
                .number(sequence.value())
                .text(stream.value())
                .fixed(entryHash)
                .sized(statement)
                .toByteArray();
    }

    /** Reads what {@link #encode} writes; anything else is an {@link IllegalArgumentException} naming the position. */
    public static SequencedRecord decode(byte[] framed) {
        AvroInput in = AvroInput.framed(framed);
        SequencedRecord record = new SequencedRecord(
                new SequenceNumber(in.readLong()), new StreamId(in.readText()), in.readDigest(), in.readSized());
        in.expectEnd();
        return record;
    }
}
