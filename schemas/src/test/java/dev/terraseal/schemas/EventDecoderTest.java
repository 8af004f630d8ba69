package dev.terraseal.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.RejectionReason;
import dev.terraseal.schemas.json.EventEncoder;
import dev.terraseal.schemas.registry.RegistryUnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;

class EventDecoderTest {
    private static final int OWN = 7;
    private static final Schema EVENT = TopicSchemas.EVENT.schema();
    private static final Schema APPLY =
            EVENT.getField("body").schema().getTypes().get(0);
    private static final String DIGEST = "5f".repeat(32);

    private final EventDecoder decoder = new EventDecoder(OWN, SchemaSource.none());

    private static GenericRecord record(Schema schema, Object... members) {
        GenericRecord record = new GenericData.Record(schema);
        for (int i = 0; i < members.length; i += 2) {
            record.put((String) members[i], members[i + 1]);
        }
        return record;
    }

    private static Schema of(Schema record, String field) {
        Schema schema = record.getField(field).schema();
        return schema.getType() == Schema.Type.UNION ? schema.getTypes().get(1) : schema;
    }

    private static GenericData.Fixed digest(Schema schema) {
        return new GenericData.Fixed(schema, Bytes.fromHex(DIGEST).toByteArray());
    }

    private static GenericRecord subject(Object name) {
        Schema subject = of(EVENT, "subjects").getElementType();
        Schema set = of(subject, "digest");
        return record(subject, "name", name, "digest", record(set, "sha256", digest(of(set, "sha256"))));
    }

    private static GenericRecord apply() {
        GenericRecord body = record(APPLY, "outcome", new GenericData.EnumSymbol(of(APPLY, "outcome"), "succeeded"));
        return record(
                EVENT,
                "id",
                "run-4711-apply",
                "stream",
                "acme/infra/prod",
                "type",
                PredicateType.TERRAFORM_APPLY.uri(),
                "occurredAt",
                Timestamp.parse("2026-11-22T01:02:03.123Z").epochMillis(),
                "subjects",
                List.of(subject("tfplan")),
                "body",
                body);
    }

    private DecodedEvent decode(Consumer<GenericRecord> change) throws Exception {
        GenericRecord event = apply();
        change.accept(event);
        return decoder.decode(RandomEvents.framed(OWN, event));
    }

    private void refused(RejectionReason reason, String message, Consumer<GenericRecord> change) throws Exception {
        refused(reason, message, decode(change));
    }

    private static void refused(RejectionReason reason, String message, DecodedEvent result) {
        assertThat(result).isInstanceOfSatisfying(DecodedEvent.Refused.class, refused -> {
            assertThat(refused.rejection().reason())
                    .as(refused.rejection().message())
                    .isEqualTo(reason);
            assertThat(refused.rejection().message()).contains(message);
        });
    }

    @Test
    void aKnownEventGivesKnownBytes() throws Exception {
        Event event = SampleEventsTest.decoded(decode(apply -> {
            Schema source = of(EVENT, "source");
            Schema claimed = of(source, "claimed");
            Map<String, String> labels = new HashMap<>(Map.of("\u20ac", "euro", "a\"b", "", "\ud83d\ude00", "x"));
            labels.put("\ufb33", "dalet");
            labels.put("\r", "line\nfeed");
            apply.put("source", record(source, "claimed", record(claimed, "actor", "dana", "labels", labels)));
            Schema plan = of(APPLY, "plan");
            ((GenericRecord) apply.get("body"))
                    .put("plan", record(plan, "saved", true, "sha256", digest(of(plan, "sha256"))));
        }));
        assertThat(event.subjects().utf8())
                .isEqualTo("[{\"digest\":{\"sha256\":\"" + DIGEST + "\"},\"name\":\"tfplan\"}]");
        assertThat(event.body().utf8())
                .isEqualTo("{\"outcome\":\"succeeded\",\"plan\":{\"saved\":true,\"sha256\":\"" + DIGEST + "\"}}");
        // Sorted as RFC 8785 section 3.2.3 shows: U+1F600 begins with D83D and stands before U+FB33.
        String claimed = "{\"actor\":\"dana\",\"labels\":{\"\\r\":\"line\\nfeed\",\"a\\\"b\":\"\",\"\u20ac\":\"euro\","
                + "\"\ud83d\ude00\":\"x\",\"\ufb33\":\"dalet\"}}";
        assertThat(event.claimed()).isEqualTo(Bytes.utf8(claimed));
        assertThat(event.source()).isEqualTo(Bytes.utf8("{\"claimed\":" + claimed + "}"));
        String content =
                "{\"claimed\":" + claimed + ",\"id\":\"run-4711-apply\",\"occurredAt\":\"2026-11-22T01:02:03.123Z\","
                        + "\"predicate\":" + event.body().utf8() + ",\"stream\":\"acme/infra/prod\",\"subjects\":"
                        + event.subjects().utf8() + ",\"type\":\"https://terraseal.dev/terraform-apply/v1\"}";
        assertThat(event.contentDigest()).isEqualTo(Digest.of(Bytes.utf8(content)));
    }

    @Test
    void whatIsNotFramedIsMalformed() throws Exception {
        refused(RejectionReason.MALFORMED_RECORD, "no value", decoder.decode(null));
        refused(RejectionReason.MALFORMED_RECORD, "no room", decoder.decode(new byte[0]));
        refused(RejectionReason.MALFORMED_RECORD, "no room", decoder.decode(new byte[4]));
        refused(
                RejectionReason.MALFORMED_RECORD,
                "0x7b",
                decoder.decode("{\"id\":1}".getBytes(StandardCharsets.UTF_8)));
        byte[] good = RandomEvents.framed(OWN, apply());
        refused(
                RejectionReason.MALFORMED_RECORD,
                "after the end",
                decoder.decode(java.util.Arrays.copyOf(good, good.length + 1)));
        refused(
                RejectionReason.MALFORMED_RECORD,
                "the record ends",
                decoder.decode(java.util.Arrays.copyOf(good, good.length - 1)));
    }

    @Test
    void anIdTheRegistryDoesNotKnowIsUnknownAndASilentRegistryIsNoAnswer() {
        byte[] framed = RandomEvents.framed(99, apply());
        assertThatCodeRefuses(framed);
        EventDecoder cutOff = new EventDecoder(OWN, id -> {
            throw new RegistryUnavailableException("connection refused");
        });
        assertThatThrownBy(() -> cutOff.decode(framed)).isInstanceOf(RegistryUnavailableException.class);
    }

    private void assertThatCodeRefuses(byte[] framed) {
        try {
            refused(RejectionReason.UNKNOWN_SCHEMA, "knows no schema 99", decoder.decode(framed));
        } catch (RegistryUnavailableException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void idStreamAndTypeAreHeldToTheirForms() throws Exception {
        refused(RejectionReason.BAD_ID, "/id", e -> e.put("id", "-begins-wrong"));
        refused(RejectionReason.BAD_ID, "200 bytes", e -> e.put("id", "a".repeat(200)));
        refused(RejectionReason.BAD_ID, "/id", e -> e.put("id", ""));
        refused(RejectionReason.BAD_STREAM, "/stream", e -> e.put("stream", "acme//prod"));
        refused(RejectionReason.BAD_STREAM, "/stream", e -> e.put("stream", "acme/../prod"));
        refused(RejectionReason.BAD_STREAM, "300 bytes", e -> e.put("stream", "a".repeat(300)));
        refused(RejectionReason.UNKNOWN_TYPE, "closed list", e -> e.put("type", "https://slsa.dev/provenance/v1"));
        refused(RejectionReason.BODY_MISMATCH, "/body", e -> e.put("type", PredicateType.TERRAFORM_PLAN.uri()));
    }

    @Test
    void reservedStreamsTakeTheTickAndKeyEventsAndNothingElse() throws Exception {
        refused(RejectionReason.RESERVED_STREAM, "belong to the log", e -> e.put("stream", "_log"));
        refused(RejectionReason.RESERVED_STREAM, "belong to the log", e -> e.put("stream", "_anything"));
        Timestamp now = new Timestamp(0);
        EventRecord tick = EventEncoder.headsTick(now);
        Event event = SampleEventsTest.decoded(decoder.decode(tick.encode(OWN)));
        assertThat(event.type()).isEqualTo(PredicateType.HEADS);
        assertThat(event.stream()).isEqualTo(StreamId.LOG);
        EventRecord salted = tick.withSalt(Bytes.wrap(new byte[16]));
        refused(RejectionReason.RESERVED_STREAM, "tick", decoder.decode(salted.encode(OWN)));
        EventRecord elsewhere = new EventRecord(
                tick.type(),
                new StreamId("acme"),
                tick.id(),
                now,
                tick.subjects(),
                tick.body(),
                null,
                null,
                null,
                null,
                null);
        refused(RejectionReason.RESERVED_STREAM, "belongs on the stream _log", decoder.decode(elsewhere.encode(OWN)));
    }

    @Test
    void timesAndNumbersStayWhereEveryReaderKeepsThem() throws Exception {
        refused(RejectionReason.BAD_TIME, "/occurredAt", e -> e.put("occurredAt", Long.MAX_VALUE));
        refused(RejectionReason.BAD_TIME, "/occurredAt", e -> e.put("occurredAt", -62_135_596_800_001L));
        Schema invocation = of(APPLY, "invocation");
        refused(
                RejectionReason.BAD_TIME,
                "/body/invocation/startedAt",
                e -> ((GenericRecord) e.get("body"))
                        .put("invocation", record(invocation, "startedAt", Long.MIN_VALUE)));
        refused(
                RejectionReason.BAD_NUMBER,
                "/body/invocation/exitCode",
                e -> ((GenericRecord) e.get("body")).put("invocation", record(invocation, "exitCode", 1L << 53)));
        assertThat(decode(e -> ((GenericRecord) e.get("body"))
                        .put("invocation", record(invocation, "exitCode", -RandomEvents.NUMBER_MAX))))
                .isInstanceOf(DecodedEvent.Decoded.class);
    }

    @Test
    void subjectsAreOneToAThousand() throws Exception {
        refused(RejectionReason.BAD_SUBJECTS, "no subject", e -> e.put("subjects", List.of()));
        refused(
                RejectionReason.BAD_SUBJECTS,
                "more than 1,000",
                e -> e.put("subjects", Collections.nCopies(1001, subject("a"))));
        assertThat(decode(e -> e.put("subjects", Collections.nCopies(1000, subject("a")))))
                .isInstanceOf(DecodedEvent.Decoded.class);
    }

    @Test
    void textThatIsNoUtf8IsRefusedWithItsPlace() throws Exception {
        // D800 as UTF-8 would have it, an overlong NUL, and a cut sequence.
        for (byte[] bad : List.of(
                new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
                new byte[] {(byte) 0xc0, (byte) 0x80},
                new byte[] {'a', (byte) 0xe2, (byte) 0x82})) {
            refused(
                    RejectionReason.BAD_TEXT,
                    "/subjects/1/name",
                    e -> e.put("subjects", List.of(subject("a"), subject(new Utf8(bad)))));
        }
    }

    @Test
    void aMapKeyTwiceIsRefused() throws Exception {
        Schema source = of(EVENT, "source");
        GenericRecord event = apply();
        Map<String, String> labels = new java.util.LinkedHashMap<>();
        labels.put("kk1", "v");
        labels.put("kk0", "v");
        labels.put("kk2", "v");
        event.put("source", record(source, "claimed", record(of(source, "claimed"), "labels", labels)));
        EventDecoder both = new EventDecoder(OWN, id -> Optional.of(EVENT));
        for (String twice : List.of("kk0", "kk1", "kk2")) {
            String once = twice.equals("kk0") ? "kk1" : "kk0";
            refused(
                    RejectionReason.BAD_VALUE,
                    "/source/claimed/labels/" + twice,
                    both.decode(replaced(RandomEvents.framed(OWN, event), once, twice)));
            refused(
                    RejectionReason.BAD_VALUE,
                    "'" + twice + "' is there twice",
                    both.decode(replaced(RandomEvents.framed(OWN + 1, event), once, twice)));
        }
    }

    private static byte[] replaced(byte[] framed, String one, String other) {
        return new String(framed, StandardCharsets.ISO_8859_1)
                .replace(one, other)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void anIdentityNobodySignedForIsRefused() throws Exception {
        Schema source = of(EVENT, "source");
        Schema verified = of(source, "verified");
        refused(
                RejectionReason.UNAUTHENTICATED_IDENTITY,
                "/source",
                e -> e.put(
                        "source",
                        record(source, "verified", record(verified, "issuer", "i", "method", "oidc", "subject", "s"))));
    }

    @Test
    void valuesThatContradictThemselvesAreRefused() throws Exception {
        Schema recorded = EVENT.getField("body").schema().getTypes().get(2);
        refused(RejectionReason.BAD_VALUE, "not the digest", e -> {
            e.put("type", PredicateType.RECORDED.uri());
            e.put(
                    "body",
                    record(
                            recorded,
                            "bytes",
                            "AAAA",
                            "mediaType",
                            "text/plain",
                            "predicateType",
                            "",
                            "sha256",
                            digest(of(recorded, "sha256")),
                            "signed",
                            false));
        });
        Schema plan = EVENT.getField("body").schema().getTypes().get(1);
        refused(RejectionReason.BAD_VALUE, "empty body", e -> {
            e.put("type", PredicateType.TERRAFORM_PLAN.uri());
            e.put("body", record(plan));
        });
        Schema seen = of(EVENT, "seenCheckpoint");
        for (Object root : List.of("AAAA", "not base64", "A".repeat(44))) {
            refused(
                    RejectionReason.BAD_VALUE,
                    "/seenCheckpoint",
                    e -> e.put(
                            "seenCheckpoint",
                            record(seen, "size", 1L, "root", root, "noteSha256", digest(of(seen, "noteSha256")))));
        }
    }

    @Test
    void whatCannotBecomeAStatementOfAllowedSizeIsTooLarge() throws Exception {
        refused(RejectionReason.TOO_LARGE, "1048577 bytes", decoder.decode(new byte[EventDecoder.RECORD_MAX + 1]));
        Schema change = of(APPLY, "change");
        // Six bytes of JSON for each of these.
        String controls = "\u0001".repeat(100_000);
        refused(
                RejectionReason.TOO_LARGE,
                "/body",
                e -> ((GenericRecord) e.get("body")).put("change", record(change, "reason", controls)));
    }

    @Test
    void aRefusalStillSaysWhoseItWas() throws Exception {
        DecodedEvent result = decode(e -> e.put("subjects", new ArrayList<>()));
        assertThat(result).isInstanceOfSatisfying(DecodedEvent.Refused.class, refused -> {
            assertThat(refused.stream()).isEqualTo(new StreamId("acme/infra/prod"));
            assertThat(refused.id()).hasToString("run-4711-apply");
            assertThat(refused.pointer()).isEqualTo("/subjects");
        });
        assertThat(decoder.decode(new byte[3])).isInstanceOfSatisfying(DecodedEvent.Refused.class, refused -> {
            assertThat(refused.stream()).isNull();
            assertThat(refused.id()).isNull();
        });
    }
}
