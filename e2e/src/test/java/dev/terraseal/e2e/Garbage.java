package dev.terraseal.e2e;

import dev.terraseal.schemas.TopicSchemas;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.Utf8;

/** What a producer may put on {@code terraseal.events}: one good record, and many that are not. Written with Avro's own classes. */
final class Garbage {
    private static final Schema EVENT = TopicSchemas.EVENT.schema();
    private static final String TYPES = "https://terraseal.dev/";
    private static final int LARGE = 900_000;

    /** @param value of the record; null is a tombstone */
    record Case(String name, byte[] value, String reason) {}

    private final int event;
    private final int other;

    /**
     * @param event id of our event schema
     * @param other id of a schema that is not one of events
     */
    Garbage(int event, int other) {
        this.event = event;
        this.other = other;
    }

    byte[] good(String id) {
        return framed(event, event(id, record -> {}));
    }

    List<Case> cases(long seed) {
        Random random = new Random(seed);
        List<Case> cases = new ArrayList<>();
        cases.add(new Case("random bytes", notFramed(random, 300), "malformed-record"));
        cases.add(new Case("no byte at all", new byte[0], "malformed-record"));
        cases.add(new Case("a null value", null, "malformed-record"));
        cases.add(new Case("900,000 random bytes", notFramed(random, LARGE), "malformed-record"));
        cases.add(new Case("bytes behind the event", longer(good("longer")), "malformed-record"));
        cases.add(new Case("half an event", shorter(good("shorter")), "malformed-record"));
        cases.add(new Case("a schema nobody registered", framed(987_654, event("nobody", r -> {})), "unknown-schema"));
        cases.add(new Case("a schema of another topic", framed(other, event("other", r -> {})), "wrong-schema"));
        cases.add(bad("an event of 900,000 bytes", "too-large", record -> claim(record, "x".repeat(LARGE))));
        cases.add(bad("a verified member", "unauthenticated-identity", record -> verified(record, false)));
        cases.add(bad("a verified member under a forged seal", "unauthenticated-identity", r -> verified(r, true)));
        cases.add(bad("another type's body", "body-mismatch", r -> r.put("type", TYPES + "terraform-plan/v1")));
        cases.add(bad("a type of nobody", "unknown-type", record -> record.put("type", "https://example.com/x/v1")));
        cases.add(bad("a stream of the log itself", "reserved-stream", record -> record.put("stream", "_log")));
        cases.add(bad("a reserved stream", "reserved-stream", record -> record.put("stream", "_keys")));
        cases.add(bad("a stream that climbs", "bad-stream", record -> record.put("stream", "acme/../prod")));
        cases.add(bad("an id with a blank", "bad-id", record -> record.put("id", "run 1")));
        cases.add(bad("a lone high surrogate", "bad-text", r -> claim(r, new Utf8(bytes(0xed, 0xa0, 0x80)))));
        cases.add(bad("a lone low surrogate", "bad-text", r -> claim(r, new Utf8(bytes(0xed, 0xb0, 0x80)))));
        cases.add(bad("an overlong slash", "bad-text", record -> claim(record, new Utf8(bytes(0xc0, 0xaf)))));
        cases.add(bad("half a character", "bad-text", record -> claim(record, new Utf8(bytes(0x41, 0xe2, 0x82)))));
        cases.add(bad("the last millisecond there is", "bad-time", r -> r.put("occurredAt", Long.MAX_VALUE)));
        cases.add(bad("the first millisecond there is", "bad-time", r -> r.put("occurredAt", Long.MIN_VALUE)));
        cases.add(bad("the year 10000", "bad-time", record -> record.put("occurredAt", 253_402_300_800_000L)));
        cases.add(bad("2^53", "bad-number", record -> add(record, 1L << 53)));
        cases.add(bad("-2^53", "bad-number", record -> add(record, -(1L << 53))));
        cases.add(bad("2^63 - 1", "bad-number", record -> add(record, Long.MAX_VALUE)));
        cases.add(bad("no subject", "bad-subjects", record -> record.put("subjects", List.of())));
        cases.add(new Case(
                "other content under an id that is taken",
                framed(event, event("taken", r -> add(r, 7))),
                "id-conflict"));
        return cases;
    }

    private Case bad(String name, String reason, Consumer<GenericRecord> change) {
        return new Case(name, framed(event, event("bad-" + reason, change)), reason);
    }

    private static GenericRecord event(String id, Consumer<GenericRecord> change) {
        GenericRecord subject =
                new GenericData.Record(EVENT.getField("subjects").schema().getElementType());
        GenericRecord digest =
                new GenericData.Record(subject.getSchema().getField("digest").schema());
        digest.put("sha256", sha256(digest.getSchema().getField("sha256").schema()));
        subject.put("digest", digest);
        subject.put("name", "tfplan");
        Schema apply = EVENT.getField("body").schema().getTypes().get(0);
        GenericRecord body = new GenericData.Record(apply);
        body.put("outcome", new GenericData.EnumSymbol(apply.getField("outcome").schema(), "succeeded"));
        GenericRecord event = new GenericData.Record(EVENT);
        event.put("id", id);
        event.put("stream", "acme/garbage");
        event.put("type", TYPES + "terraform-apply/v1");
        event.put("occurredAt", 1_795_000_000_000L);
        event.put("subjects", List.of(subject));
        event.put("body", body);
        change.accept(event);
        return event;
    }

    private static void claim(GenericRecord event, CharSequence actor) {
        GenericRecord source = new GenericData.Record(present(EVENT, "source"));
        GenericRecord claimed = new GenericData.Record(present(source.getSchema(), "claimed"));
        claimed.put("actor", actor);
        source.put("claimed", claimed);
        event.put("source", source);
    }

    private static void verified(GenericRecord event, boolean sealed) {
        GenericRecord source = new GenericData.Record(present(EVENT, "source"));
        GenericRecord verified = new GenericData.Record(present(source.getSchema(), "verified"));
        verified.put("issuer", "https://token.actions.githubusercontent.com");
        verified.put("method", "oidc");
        verified.put("subject", "repo:acme/infra:ref:refs/heads/main");
        verified.put("claims", Map.of("actor", "root"));
        source.put("verified", verified);
        if (sealed) {
            GenericRecord by = new GenericData.Record(present(source.getSchema(), "verifiedBy"));
            by.put("keyid", sha256(by.getSchema().getField("keyid").schema()));
            by.put("sig", "A".repeat(86) + "==");
            source.put("verifiedBy", by);
        }
        event.put("source", source);
    }

    private static void add(GenericRecord event, long number) {
        GenericRecord body = (GenericRecord) event.get("body");
        GenericRecord changes = new GenericData.Record(present(body.getSchema(), "changes"));
        changes.put("add", number);
        body.put("changes", changes);
    }

    private static Schema present(Schema record, String field) {
        return record.getField(field).schema().getTypes().get(1);
    }

    private static GenericData.Fixed sha256(Schema schema) {
        return new GenericData.Fixed(schema, new byte[32]);
    }

    private static byte[] framed(int schemaId, GenericRecord event) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(0);
            out.write(ByteBuffer.allocate(4).putInt(schemaId).array());
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<GenericRecord>(EVENT).write(event, encoder);
            encoder.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] notFramed(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        bytes[0] = 0x7f;
        return bytes;
    }

    private static byte[] longer(byte[] value) {
        return java.util.Arrays.copyOf(value, value.length + 3);
    }

    private static byte[] shorter(byte[] value) {
        return java.util.Arrays.copyOf(value, value.length / 2);
    }

    private static byte[] bytes(int... values) {
        byte[] out = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            out[i] = (byte) values[i];
        }
        return out;
    }
}
