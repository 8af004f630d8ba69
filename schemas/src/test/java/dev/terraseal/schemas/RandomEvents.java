package dev.terraseal.schemas;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.statement.PredicateType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Events with every shape the schema allows, from a seed, as Avro's own generic data. */
final class RandomEvents {
    static final long NUMBER_MAX = (1L << 53) - 1;
    private static final Schema EVENT = TopicSchemas.EVENT.schema();
    private static final long[] EDGES = {0, 1, -1, 63, 64, -65, 8191, 8192, NUMBER_MAX, -NUMBER_MAX, 1L << 32};
    private static final long FIRST_TIME = -62_135_596_800_000L;
    private static final long LAST_TIME = 253_402_300_799_999L;

    private final Random random;

    RandomEvents(Random random) {
        this.random = random;
    }

    GenericRecord next() {
        int branch = random.nextInt(4);
        GenericRecord event = new GenericData.Record(EVENT);
        PredicateType type = EventReader.BODY_TYPES.get(branch);
        event.put("id", "run-" + random.nextInt(1000) + ":@._-x".substring(0, random.nextInt(7)));
        event.put("stream", type == PredicateType.KEY_EVENT ? "_keys" : "acme/" + random.nextInt(9) + "/a_b-c.d");
        event.put("type", type.uri());
        event.put("occurredAt", time());
        List<Object> subjects = new ArrayList<>();
        int count = random.nextInt(20) == 0 ? 1000 : 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            subjects.add(value(EVENT.getField("subjects").schema().getElementType()));
        }
        event.put("subjects", subjects);
        event.put("body", body(EVENT.getField("body").schema().getTypes().get(branch)));
        event.put("source", source());
        event.put("salt", random.nextBoolean() ? null : value(schemaOf("salt")));
        event.put("seenCheckpoint", random.nextInt(3) > 0 ? null : seenCheckpoint());
        return event;
    }

    private static Schema schemaOf(String field) {
        return EVENT.getField(field).schema().getTypes().get(1);
    }

    private GenericRecord body(Schema schema) {
        GenericRecord body = (GenericRecord) value(schema);
        if (schema.getName().equals("Recorded")) {
            Bytes bytes = Bytes.wrap(bytes(random.nextInt(300)));
            body.put("bytes", bytes.base64());
            body.put(
                    "sha256",
                    new GenericData.Fixed(
                            schema.getField("sha256").schema(), Digest.of(bytes).toByteArray()));
        }
        if (schema.getName().equals("TerraformPlan")) {
            body.put("plan", value(schema.getField("plan").schema().getTypes().get(1)));
        }
        return body;
    }

    private Object source() {
        if (random.nextInt(3) == 0) {
            return null;
        }
        GenericRecord source = (GenericRecord) value(schemaOf("source"));
        if (source.get("verified") == null || source.get("verifiedBy") == null) {
            source.put("verified", null);
            source.put("verifiedBy", null);
        }
        return source;
    }

    private GenericRecord seenCheckpoint() {
        GenericRecord seen = (GenericRecord) value(schemaOf("seenCheckpoint"));
        seen.put("root", Bytes.wrap(bytes(32)).base64());
        seen.put("size", Math.abs(number()));
        return seen;
    }

    private Object value(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> {
                GenericRecord record = new GenericData.Record(schema);
                schema.getFields().forEach(field -> record.put(field.name(), value(field.schema())));
                yield record;
            }
            case UNION ->
                random.nextInt(3) == 0 ? null : value(schema.getTypes().get(1));
            case ARRAY -> {
                List<Object> items = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    items.add(value(schema.getElementType()));
                }
                yield items;
            }
            case MAP -> {
                Map<String, Object> entries = new LinkedHashMap<>();
                for (int i = random.nextInt(30); i > 0; i--) {
                    entries.put(text(), text());
                }
                yield entries;
            }
            case STRING -> text();
            case FIXED -> new GenericData.Fixed(schema, bytes(schema.getFixedSize()));
            case ENUM ->
                new GenericData.EnumSymbol(
                        schema,
                        schema.getEnumSymbols()
                                .get(random.nextInt(schema.getEnumSymbols().size())));
            case BOOLEAN -> random.nextBoolean();
            case LONG -> schema.getProp("logicalType") == null ? number() : time();
            default -> throw new AssertionError(schema);
        };
    }

    private long number() {
        return random.nextInt(4) == 0
                ? EDGES[random.nextInt(EDGES.length)]
                : random.nextLong() >> 11 + random.nextInt(50);
    }

    private long time() {
        return switch (random.nextInt(8)) {
            case 0 -> FIRST_TIME;
            case 1 -> LAST_TIME;
            case 2 -> FIRST_TIME + Math.floorMod(random.nextLong(), LAST_TIME - FIRST_TIME);
            default -> 1_700_000_000_000L + random.nextInt();
        };
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.appendCodePoint(codePoint());
        }
        return text.toString();
    }

    private int codePoint() {
        return switch (random.nextInt(12)) {
            case 0 -> random.nextInt(0x20);
            case 1 -> "\"\\/\u007f\u0080\u2028\ufeff".charAt(random.nextInt(7));
            case 2 -> 0x80 + random.nextInt(0x780);
            case 3 -> 0x800 + random.nextInt(0xd000);
            case 4 -> 0xe000 + random.nextInt(0x2000);
            case 5 -> 0x10000 + random.nextInt(0x100000);
            default -> 0x20 + random.nextInt(0x5f);
        };
    }

    static byte[] avro(Schema schema, Object datum) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        try {
            new GenericDatumWriter<>(schema, new GenericData()).write(datum, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] framed(int schemaId, GenericRecord record) {
        return ConfluentFraming.frame(schemaId, Bytes.wrap(avro(record.getSchema(), record)));
    }
}
