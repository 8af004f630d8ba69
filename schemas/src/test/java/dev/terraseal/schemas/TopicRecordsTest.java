package dev.terraseal.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Rejection;
import dev.terraseal.core.statement.RejectionReason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** Our codecs against Avro's own generic writer, and against what is not theirs. */
class TopicRecordsTest {
    private static final int ID = 0x01020304;
    private static final long SEED = Long.getLong("terraseal.seed", 20261122L);

    private final Random random = new Random(SEED);
    private final RandomEvents texts = new RandomEvents(random);

    private Bytes bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private Digest digest() {
        return Digest.fromBytes(bytes(32));
    }

    private SequenceNumber sequence() {
        return new SequenceNumber(random.nextLong() >>> 11);
    }

    private StreamId stream() {
        return new StreamId(random.nextInt(5) == 0 ? "_log" : "acme/w" + random.nextInt(1000));
    }

    private static Schema type(Schema record, String field) {
        Schema schema = record.getField(field).schema();
        return schema.getType() == Schema.Type.UNION ? schema.getTypes().get(1) : schema;
    }

    private static Object fixed(Schema schema, Digest digest) {
        return digest == null ? null : new GenericData.Fixed(schema, digest.toByteArray());
    }

    private static ByteBuffer buffer(Bytes bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes.toByteArray());
    }

    private static String text(Object value) {
        return value == null ? null : value.toString();
    }

    private static Long number(SequenceNumber value) {
        return value == null ? null : Long.valueOf(value.value());
    }

    private <T> void holds(T record, byte[] framed, GenericRecord generic, Function<byte[], T> decode) {
        String where = "seed " + SEED + ": " + record;
        assertThat(framed).as(where).isEqualTo(RandomEvents.framed(ID, generic));
        assertThat(decode.apply(framed)).as(where).isEqualTo(record);
        assertThatIllegalArgumentException()
                .as(where)
                .isThrownBy(() -> decode.apply(Arrays.copyOf(framed, framed.length - 1)));
        assertThatIllegalArgumentException()
                .as(where)
                .isThrownBy(() -> decode.apply(Arrays.copyOf(framed, framed.length + 1)));
        for (int i = 0; i < 20; i++) {
            byte[] broken = framed.clone();
            broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                decode.apply(broken);
            } catch (IllegalArgumentException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void sequencedRecordsAreWhatAvroWrites() {
        Schema schema = TopicSchemas.SEQUENCED.schema();
        for (int i = 0; i < 100; i++) {
            SequencedRecord record = new SequencedRecord(sequence(), stream(), digest(), bytes(random.nextInt(3000)));
            GenericRecord generic = new GenericData.Record(schema);
            generic.put("sequence", record.sequence().value());
            generic.put("stream", record.stream().value());
            generic.put("entryHash", fixed(type(schema, "entryHash"), record.entryHash()));
            generic.put("statement", buffer(record.statement()));
            holds(record, record.encode(ID), generic, SequencedRecord::decode);
        }
    }

    @Test
    void attestationsAreWhatAvroWrites() {
        Schema schema = TopicSchemas.ATTESTATION.schema();
        for (int i = 0; i < 100; i++) {
            AttestationRecord record = attestation();
            GenericRecord generic = new GenericData.Record(schema);
            generic.put("log", record.log().value());
            generic.put("sequence", record.sequence().value());
            generic.put("stream", record.stream().value());
            generic.put("predicateType", record.predicateType().uri());
            generic.put("entryHash", fixed(type(schema, "entryHash"), record.entryHash()));
            generic.put("statement", buffer(record.statement()));
            if (record.batch() == null) {
                Schema signature = type(schema, "signatures").getElementType();
                List<Object> signatures = new ArrayList<>();
                for (DsseSignature one : record.signatures()) {
                    GenericRecord line = new GenericData.Record(signature);
                    line.put(
                            "keyid", fixed(type(signature, "keyid"), one.keyid().value()));
                    line.put("sig", buffer(one.sig()));
                    signatures.add(line);
                }
                generic.put("signatures", signatures);
            } else {
                generic.put("batch", record.batch().first().value());
                Schema hash = type(schema, "path").getElementType();
                generic.put(
                        "path",
                        record.batch().path().stream()
                                .map(one -> fixed(hash, one))
                                .toList());
            }
            holds(record, record.encode(ID), generic, AttestationRecord::decode);
        }
    }

    private AttestationRecord attestation() {
        boolean single = random.nextBoolean();
        List<DsseSignature> signatures = IntStream.range(0, single ? 1 + random.nextInt(4) : 0)
                .mapToObj(i -> new DsseSignature(new KeyId(digest()), bytes(1 + random.nextInt(500))))
                .toList();
        BatchPath batch = single
                ? null
                : new BatchPath(
                        sequence(),
                        IntStream.range(0, random.nextInt(17))
                                .mapToObj(i -> digest())
                                .toList());
        PredicateType[] types = PredicateType.values();
        return new AttestationRecord(
                new LogOrigin("terraseal.local/x"),
                sequence(),
                stream(),
                types[random.nextInt(types.length)],
                digest(),
                bytes(random.nextInt(3000)),
                signatures,
                batch);
    }

    @Test
    void outcomesAreWhatAvroWrites() {
        Schema schema = TopicSchemas.OUTCOME.schema();
        for (int i = 0; i < 100; i++) {
            EventId id = new EventId("run-" + random.nextInt(1000));
            Rejection rejection = new Rejection(RejectionReason.BAD_TIME, texts.text());
            OutcomeRecord record = switch (i % 3) {
                case 0 -> OutcomeRecord.duplicate(i, stream(), id, sequence(), digest());
                case 1 ->
                    OutcomeRecord.rejected(
                            i, random.nextBoolean() ? null : stream(), random.nextBoolean() ? null : id, rejection);
                default -> OutcomeRecord.conflict(i, stream(), id, rejection, sequence(), digest(), digest());
            };
            GenericRecord generic = new GenericData.Record(schema);
            generic.put("sourceOffset", record.sourceOffset());
            generic.put("stream", text(record.stream()));
            generic.put("id", text(record.id()));
            generic.put(
                    "outcome",
                    new GenericData.EnumSymbol(
                            type(schema, "outcome"), record.outcome().name().toLowerCase(java.util.Locale.ROOT)));
            generic.put("sequence", number(record.sequence()));
            generic.put("reason", record.reason());
            generic.put("message", record.message());
            generic.put("contentSha256", fixed(type(schema, "contentSha256"), record.content()));
            generic.put("originalContentSha256", fixed(type(schema, "contentSha256"), record.originalContent()));
            holds(record, record.encode(ID), generic, OutcomeRecord::decode);
        }
    }

    @Test
    void rejectedRecordsAreWhatAvroWrites() {
        Schema schema = TopicSchemas.REJECTED.schema();
        Schema header = type(schema, "headers").getElementType();
        for (int i = 0; i < 100; i++) {
            List<RecordHeader> headers = IntStream.range(0, random.nextInt(3))
                    .mapToObj(
                            n -> new RecordHeader(texts.text(), random.nextBoolean() ? null : bytes(random.nextInt(9))))
                    .toList();
            RejectedRecord record = RejectedRecord.of(
                    new Rejection(RejectionReason.MALFORMED_RECORD, texts.text()),
                    i,
                    random.nextBoolean() ? null : bytes(random.nextInt(40)).toByteArray(),
                    random.nextBoolean() ? null : bytes(random.nextInt(400)).toByteArray(),
                    headers);
            GenericRecord generic = new GenericData.Record(schema);
            generic.put("sourceOffset", record.sourceOffset());
            generic.put("reason", record.reason());
            generic.put("message", record.message());
            generic.put("key", buffer(record.key()));
            generic.put("original", buffer(record.original()));
            generic.put("originalLength", record.originalLength());
            generic.put("originalSha256", fixed(type(schema, "originalSha256"), record.originalSha256()));
            List<Object> lines = new ArrayList<>();
            for (RecordHeader one : headers) {
                GenericRecord line = new GenericData.Record(header);
                line.put("name", one.name());
                line.put("value", buffer(one.value()));
                lines.add(line);
            }
            generic.put("headers", lines);
            generic.put("headersLeftOut", 0L);
            holds(record, record.encode(ID), generic, RejectedRecord::decode);
        }
    }

    @Test
    void aRejectedRecordKeepsWhatThereIsRoomForAndSaysWhatItLeftOut() {
        byte[] large = bytes(RejectedRecord.ORIGINAL_MAX + 1).toByteArray();
        List<RecordHeader> headers = List.of(
                new RecordHeader("a", bytes(10_000)),
                new RecordHeader("b", bytes(10_000)),
                new RecordHeader("c", null));
        Rejection rejection = new Rejection(RejectionReason.TOO_LARGE, "x".repeat(100_000) + "\ud800");
        RejectedRecord record = RejectedRecord.of(rejection, 9, large, large, headers);
        assertThat(record.original()).isEqualTo(Bytes.copyOf(large, 0, RejectedRecord.ORIGINAL_PART));
        assertThat(record.originalLength()).isEqualTo(large.length);
        assertThat(record.originalSha256()).isEqualTo(Digest.of(Bytes.wrap(large)));
        assertThat(record.isWhole()).isFalse();
        assertThat(record.key()).isEqualTo(Bytes.copyOf(large, 0, RejectedRecord.KEY_MAX));
        assertThat(record.headers()).extracting(RecordHeader::name).containsExactly("a");
        assertThat(record.headersLeftOut()).isEqualTo(2);
        assertThat(RejectedRecord.decode(record.encode(ID))).isEqualTo(record);

        byte[] fits = Arrays.copyOf(large, RejectedRecord.ORIGINAL_MAX);
        RejectedRecord whole = RejectedRecord.of(rejection, 9, null, fits, headers);
        assertThat(whole.isWhole()).isTrue();
        assertThat(whole.encode(ID).length).isLessThan(2 * 1024 * 1024);
        assertThat(RejectedRecord.of(rejection, 9, null, null, List.of()).isWhole())
                .isFalse();
    }

    @Test
    void anAttestationCarriesSignaturesOrABatchAndNeverBothOrNeither() {
        for (boolean both : List.of(true, false)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new AttestationRecord(
                            new LogOrigin("x"),
                            SequenceNumber.ZERO,
                            stream(),
                            PredicateType.RECORDED,
                            digest(),
                            Bytes.EMPTY,
                            both ? List.of(new DsseSignature(new KeyId(digest()), bytes(3))) : List.of(),
                            both ? new BatchPath(SequenceNumber.ZERO, List.of()) : null))
                    .withMessageContaining("either");
        }
    }

    @Test
    void framingIsCheckedBeforeAnythingIsRead() {
        for (byte[] bad : List.of(new byte[0], new byte[4], new byte[] {1, 0, 0, 0, 1, 0})) {
            assertThatIllegalArgumentException().isThrownBy(() -> SequencedRecord.decode(bad));
        }
        assertThat(ConfluentFraming.schemaId(ConfluentFraming.frame(-2, Bytes.EMPTY)))
                .isEqualTo(-2);
        assertThat(ConfluentFraming.frame(ID, Bytes.fromHex("ff"))).isEqualTo(new byte[] {0, 1, 2, 3, 4, (byte) 0xff});
    }
}
