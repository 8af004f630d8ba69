package dev.terraseal.fuzz;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.statement.Rejection;
import dev.terraseal.core.statement.RejectionReason;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.schemas.BatchPath;
import dev.terraseal.schemas.OutcomeRecord;
import dev.terraseal.schemas.RecordHeader;
import dev.terraseal.schemas.RejectedRecord;
import dev.terraseal.schemas.SequencedRecord;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records of the topics that are right, in each of their forms. */
final class TopicSeeds {
    private static final Rejection REJECTION = new Rejection(RejectionReason.BAD_VALUE, "/id: no id");

    private TopicSeeds() {}

    private static Bytes statement() throws IOException {
        return Bytes.wrap(Seeds.right(Target.STATEMENT).get(0));
    }

    static List<byte[]> sequenced() throws IOException {
        Statement read = Statement.parse(statement());
        return List.of(
                new SequencedRecord(read.sequence(), read.stream(), Digest.of(read.bytes()), read.bytes()).encode(1));
    }

    static List<byte[]> attestations() throws IOException {
        DsseSignature signature = new DsseSignature(new KeyId(Digest.of()), SignatureForms.ecdsa());
        return List.of(
                attestation(List.of(signature), null),
                attestation(List.of(signature, signature), null),
                attestation(List.of(), new BatchPath(SequenceNumber.ZERO, List.of())),
                attestation(List.of(), new BatchPath(SequenceNumber.ZERO, List.of(Digest.of(), Digest.of()))));
    }

    private static byte[] attestation(List<DsseSignature> signatures, @Nullable BatchPath batch) throws IOException {
        Statement read = Statement.parse(statement());
        return new AttestationRecord(
                        new LogOrigin("terraseal.local/fuzz"),
                        read.sequence(),
                        read.stream(),
                        read.type(),
                        Digest.of(read.bytes()),
                        read.bytes(),
                        signatures,
                        batch)
                .encode(1);
    }

    static List<byte[]> rejected() {
        byte[] key = {1, 2};
        byte[] value = {3, 4, 5};
        RecordHeader full = new RecordHeader("name", Bytes.utf8("value"));
        return List.of(
                RejectedRecord.of(REJECTION, 7, key, value, List.of(full, new RecordHeader("none", null)))
                        .encode(1),
                RejectedRecord.of(REJECTION, 8, null, null, List.of()).encode(1));
    }

    static List<byte[]> outcomes() throws IOException {
        Statement read = Statement.parse(statement());
        return List.of(
                OutcomeRecord.duplicate(7, read.stream(), read.id(), SequenceNumber.ZERO, Digest.of())
                        .encode(1),
                OutcomeRecord.rejected(8, null, null, REJECTION).encode(1),
                OutcomeRecord.conflict(
                                9,
                                read.stream(),
                                read.id(),
                                REJECTION,
                                SequenceNumber.ZERO,
                                Digest.of(),
                                Digest.of(Bytes.utf8("another")))
                        .encode(1));
    }
}
