package dev.terraseal.schemas;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.schemas.avro.AvroInput;
import dev.terraseal.schemas.avro.AvroOutput;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value of {@code terraseal.attestations}: a signed entry, what consumers subscribe to.
 *
 * @param signatures over this statement; empty in the batch form
 * @param batch the batch form's place under a batch signature, else null
 */
public record AttestationRecord(
        LogOrigin log,
        SequenceNumber sequence,
        StreamId stream,
        PredicateType predicateType,
        Digest entryHash,
        Bytes statement,
        List<DsseSignature> signatures,
        @Nullable BatchPath batch) {

    public AttestationRecord {
        signatures = List.copyOf(signatures);
        if (signatures.isEmpty() == (batch == null)) {
            throw new IllegalArgumentException("an attestation carries either signatures or a place in a batch");
        }
        if (signatures.size() > Envelope.SIGNATURES_MAX) {
            throw new IllegalArgumentException(
                    "an attestation carries at most 16 signatures, not " + signatures.size());
        }
    }

    public byte[] encode(int schemaId) {
        AvroOutput out = AvroOutput.framed(schemaId, statement.length() + 1024)
                .text(log.value())
                .number(sequence.value())
                .text(stream.value())
                .text(predicateType.uri())
                .fixed(entryHash)
                .sized(statement);
        if (out.present(signatures.isEmpty() ? null : signatures)) {
            out.number(signatures.size());
            for (DsseSignature signature : signatures) {
                out.fixed(signature.keyid().value()).sized(signature.sig());
            }
            out.number(0);
        }
        if (batch == null) {
            return out.index(0).index(0).toByteArray();
        }
        out.index(1).number(batch.first().value()).index(1);
        if (!batch.path().isEmpty()) {
            out.number(batch.path().size());
            batch.path().forEach(out::fixed);
        }
        return out.number(0).toByteArray();
    }

    /** Reads what {@link #encode} writes; anything else is an {@link IllegalArgumentException} naming the position. */
    public static AttestationRecord decode(byte[] framed) {
        AvroInput in = AvroInput.framed(framed);
        LogOrigin log = new LogOrigin(in.readText());
        SequenceNumber sequence = new SequenceNumber(in.readLong());
        StreamId stream = new StreamId(in.readText());
        String uri = in.readText();
        PredicateType type = PredicateType.fromUri(uri)
                .orElseThrow(() -> new IllegalArgumentException("'" + uri + "' is not in the closed list of types"));
        Digest entryHash = in.readDigest();
        Bytes statement = in.readSized();
        List<DsseSignature> signatures = in.readPresent() ? signatures(in) : List.of();
        SequenceNumber first = in.readPresent() ? new SequenceNumber(in.readLong()) : null;
        List<Digest> path = in.readPresent() ? path(in) : null;
        in.expectEnd();
        if ((first == null) != (path == null)) {
            throw new IllegalArgumentException("batch and path come together or not at all");
        }
        BatchPath batch = first == null || path == null ? null : new BatchPath(first, path);
        return new AttestationRecord(log, sequence, stream, type, entryHash, statement, signatures, batch);
    }

    private static List<DsseSignature> signatures(AvroInput in) {
        List<DsseSignature> signatures = new ArrayList<>();
        for (int block = in.readBlock(); block > 0; block = in.readBlock()) {
            for (int i = 0; i < block; i++) {
                signatures.add(new DsseSignature(new KeyId(in.readDigest()), in.readSized()));
            }
        }
        return signatures;
    }

    private static List<Digest> path(AvroInput in) {
        List<Digest> path = new ArrayList<>();
        for (int block = in.readBlock(); block > 0; block = in.readBlock()) {
            for (int i = 0; i < block; i++) {
                path.add(in.readDigest());
            }
        }
        return path;
    }
}
