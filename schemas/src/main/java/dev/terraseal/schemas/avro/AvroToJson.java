package dev.terraseal.schemas.avro;

import dev.terraseal.core.canonical.CanonicalBuffer;
import dev.terraseal.core.canonical.CanonicalJson;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * The one mapping from Avro binary to canonical JSON, compiled from a schema: record to object with the same names, null
 * left out, map to object, enum to symbol, long to number, timestamp-millis to time string, bytes and fixed to hex.
 *
 * <p>It reads and writes in one pass without a tree, which is possible because every record here declares its fields in
 * the order of canonical JSON; {@link #compile} refuses a schema that does not. There are no floating-point numbers,
 * because their text differs between platforms, and no recursion, so that the depth is known before any data is seen.
 *
 * <p>Immutable and safe for concurrent use; the buffers it is given are not.
 */
public final class AvroToJson {
    /** Two levels are the statement's own: predicate and body, or predicate, event and source. */
    private static final int DEPTH_MAX = CanonicalJson.DEPTH_MAX - 4;

    private final JsonWriter writer;

    private AvroToJson(JsonWriter writer) {
        this.writer = writer;
    }

    /** Throws {@link IllegalArgumentException} for a schema that has no single-pass canonical form. */
    public static AvroToJson compile(Schema schema) {
        return new AvroToJson(writer(schema, new HashSet<>()));
    }

    /**
     * Reads one value and appends its canonical JSON. On refusal {@code out} holds a part of it: truncate it to where it
     * was.
     */
    public void write(AvroInput in, CanonicalBuffer out) {
        writer.write(in, out);
    }

    private static JsonWriter writer(Schema schema, Set<String> enclosing) {
        if (enclosing.size() > DEPTH_MAX) {
            throw new IllegalArgumentException("more than " + DEPTH_MAX + " levels in a schema");
        }
        return switch (schema.getType()) {
            case RECORD -> record(schema, enclosing);
            case ARRAY -> new ContainerWriters.Items(writer(schema.getElementType(), enclosing));
            case MAP -> map(schema);
            case STRING -> new ScalarWriters.Text();
            case BYTES -> new ScalarWriters.HexBytes();
            case FIXED -> new ScalarWriters.HexFixed(schema.getFixedSize());
            case ENUM -> new ScalarWriters.Symbol(schema.getEnumSymbols());
            case BOOLEAN -> new ScalarWriters.Flag();
            case INT, LONG -> number(schema);
            default -> throw new IllegalArgumentException("no canonical form for " + schema.getType() + ": " + schema);
        };
    }

    private static JsonWriter map(Schema schema) {
        if (schema.getValueType().getType() != Schema.Type.STRING) {
            throw new IllegalArgumentException("a map of anything but strings: " + schema);
        }
        return new ContainerWriters.Entries();
    }

    private static JsonWriter number(Schema schema) {
        String logical = schema.getProp("logicalType");
        if (logical == null) {
            return new ScalarWriters.Whole();
        }
        if (logical.equals("timestamp-millis") && schema.getType() == Schema.Type.LONG) {
            return new ScalarWriters.Time();
        }
        throw new IllegalArgumentException("no canonical form for the logical type " + logical);
    }

    private static JsonWriter record(Schema schema, Set<String> enclosing) {
        if (!enclosing.add(schema.getFullName())) {
            throw new IllegalArgumentException(schema.getFullName() + " contains itself");
        }
        List<ContainerWriters.Member> members = new ArrayList<>();
        String before = "";
        for (Schema.Field field : schema.getFields()) {
            if (before.compareTo(field.name()) >= 0) {
                throw new IllegalArgumentException(schema.getFullName() + " declares " + field.name() + " after "
                        + before + "; canonical JSON wants it before");
            }
            before = field.name();
            members.add(member(field, enclosing));
        }
        enclosing.remove(schema.getFullName());
        return new ContainerWriters.Members(members);
    }

    private static ContainerWriters.Member member(Schema.Field field, Set<String> enclosing) {
        Schema type = field.schema();
        if (type.getType() != Schema.Type.UNION) {
            return new ContainerWriters.Member(field.name(), -1, writer(type, enclosing));
        }
        List<Schema> branches = type.getTypes();
        if (branches.size() != 2 || branches.get(0).getType() != Schema.Type.NULL) {
            throw new IllegalArgumentException(field.name() + " is a union other than [null, something]");
        }
        return new ContainerWriters.Member(field.name(), 0, writer(branches.get(1), enclosing));
    }
}
