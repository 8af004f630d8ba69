package dev.terraseal.schemas.json;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.RejectionReason;
import dev.terraseal.schemas.avro.AvroOutput;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Writes a JSON value as Avro of a schema, the other way round of {@link dev.terraseal.schemas.avro.AvroToJson}. What does
 * not fit is reported with its pointer; the output is then of no use.
 */
final class JsonToAvro {
    private final Problems problems;
    private final RejectionReason reason;

    /** @param reason given for values that do not fit the schema */
    JsonToAvro(Problems problems, RejectionReason reason) {
        this.problems = problems;
        this.reason = reason;
    }

    /** The Avro binary of {@code value}, empty bytes where nothing could be written. */
    Bytes encode(Schema schema, Json value, String pointer) {
        AvroOutput out = new AvroOutput(512);
        write(schema, value, pointer, out);
        return out.toBytes();
    }

    private void write(Schema schema, Json value, String pointer, AvroOutput out) {
        if (value == StrictJson.REFUSED) {
            return;
        }
        switch (schema.getType()) {
            case RECORD -> record(schema, value, pointer, out);
            case ARRAY -> array(schema, value, pointer, out);
            case MAP -> map(value, pointer, out);
            case STRING -> {
                if (value instanceof Json.Str text) {
                    out.text(text.value());
                } else {
                    expected(pointer, "a string", value);
                }
            }
            case FIXED -> fixed(schema, value, pointer, out);
            case ENUM -> symbol(schema, value, pointer, out);
            case BOOLEAN -> {
                if (value instanceof Json.Bool flag) {
                    out.bool(flag.value());
                } else {
                    expected(pointer, "true or false", value);
                }
            }
            case LONG -> number(schema, value, pointer, out);
            default -> throw new IllegalArgumentException("events have no " + schema.getType());
        }
    }

    private void record(Schema schema, Json value, String pointer, AvroOutput out) {
        if (!(value instanceof Json.Obj object)) {
            expected(pointer, "an object", value);
            return;
        }
        for (String name : object.members().keySet()) {
            if (schema.getField(name) == null) {
                problems.add(Problems.pointer(pointer, name), reason, "unknown member; known here: " + names(schema));
            }
        }
        for (Schema.Field field : schema.getFields()) {
            Json member = object.get(field.name());
            String at = Problems.pointer(pointer, field.name());
            if (field.schema().getType() == Schema.Type.UNION) {
                optional(field.schema().getTypes().get(1), member, at, out);
            } else if (member == null) {
                problems.add(at, reason, "missing");
            } else {
                write(field.schema(), member, at, out);
            }
        }
    }

    private void optional(Schema schema, @Nullable Json value, String pointer, AvroOutput out) {
        out.index(value == null ? 0 : 1);
        if (value != null) {
            write(schema, value, pointer, out);
        }
    }

    private static String names(Schema schema) {
        return schema.getFields().stream().map(Schema.Field::name).collect(Collectors.joining(", "));
    }

    private void array(Schema schema, Json value, String pointer, AvroOutput out) {
        if (!(value instanceof Json.Arr array)) {
            expected(pointer, "an array", value);
            return;
        }
        List<Json> items = array.items();
        if (!items.isEmpty()) {
            out.number(items.size());
            for (int i = 0; i < items.size(); i++) {
                write(schema.getElementType(), items.get(i), pointer + "/" + i, out);
            }
        }
        out.number(0);
    }

    /** Entries leave in canonical order, which saves the reader a sort. */
    private void map(Json value, String pointer, AvroOutput out) {
        if (!(value instanceof Json.Obj object)) {
            expected(pointer, "an object of strings", value);
            return;
        }
        if (!object.members().isEmpty()) {
            out.number(object.members().size());
            for (Map.Entry<String, Json> entry : object.members().entrySet()) {
                out.text(entry.getKey());
                if (entry.getValue() instanceof Json.Str text) {
                    out.text(text.value());
                } else {
                    expected(Problems.pointer(pointer, entry.getKey()), "a string", entry.getValue());
                }
            }
        }
        out.number(0);
    }

    private void fixed(Schema schema, Json value, String pointer, AvroOutput out) {
        int size = schema.getFixedSize();
        String wanted = size + " bytes as " + 2 * size + " lower-case hex digits";
        if (!(value instanceof Json.Str text)) {
            expected(pointer, wanted, value);
            return;
        }
        try {
            Bytes bytes = text.value().length() == 2 * size ? Bytes.fromHex(text.value()) : Bytes.EMPTY;
            if (bytes.length() == size) {
                out.raw(bytes);
                return;
            }
            problems.add(pointer, reason, "'" + Problems.shown(text.value()) + "' is not " + wanted);
        } catch (IllegalArgumentException notHex) {
            problems.add(pointer, reason, notHex.getMessage() + "; write " + wanted);
        }
    }

    private void symbol(Schema schema, Json value, String pointer, AvroOutput out) {
        if (!(value instanceof Json.Str text)) {
            expected(pointer, "one of " + schema.getEnumSymbols(), value);
        } else if (schema.hasEnumSymbol(text.value())) {
            out.index(schema.getEnumOrdinal(text.value()));
        } else {
            problems.add(
                    pointer, reason, "'" + Problems.shown(text.value()) + "' is not one of " + schema.getEnumSymbols());
        }
    }

    private void number(Schema schema, Json value, String pointer, AvroOutput out) {
        if (schema.getProp("logicalType") != null) {
            time(value, pointer, out);
        } else if (value instanceof Json.Num number) {
            out.number(number.value());
        } else {
            expected(pointer, "an integer", value);
        }
    }

    private void time(Json value, String pointer, AvroOutput out) {
        if (!(value instanceof Json.Str text)) {
            expected(pointer, "a time as YYYY-MM-DDTHH:MM:SS.mmmZ", value);
            return;
        }
        try {
            out.number(Timestamp.parse(text.value()).epochMillis());
        } catch (IllegalArgumentException notATime) {
            problems.add(pointer, RejectionReason.BAD_TIME, String.valueOf(notATime.getMessage()));
        }
    }

    private void expected(String pointer, String wanted, Json value) {
        if (value != StrictJson.REFUSED) {
            problems.add(pointer, reason, "expected " + wanted + ", found " + value.kind());
        }
    }
}
