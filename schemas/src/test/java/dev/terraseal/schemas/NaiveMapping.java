package dev.terraseal.schemas;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;

/** The mapping of FORMATS section 2 the slow way: Avro's generic data to a tree, which sorts itself when written. */
final class NaiveMapping {
    private NaiveMapping() {}

    static Json json(Schema schema, Object value) {
        return switch (schema.getType()) {
            case UNION -> json(schema.getTypes().get(1), value);
            case RECORD -> {
                Json.Builder object = Json.obj();
                for (Schema.Field field : schema.getFields()) {
                    Object member = ((GenericRecord) value).get(field.pos());
                    if (member != null) {
                        object.put(field.name(), json(field.schema(), member));
                    }
                }
                yield object.build();
            }
            case ARRAY -> {
                List<Json> items = new ArrayList<>();
                ((List<?>) value).forEach(item -> items.add(json(schema.getElementType(), item)));
                yield Json.arr(items);
            }
            case MAP -> {
                Json.Builder object = Json.obj();
                ((Map<?, ?>) value).forEach((k, v) -> object.put(k.toString(), json(schema.getValueType(), v)));
                yield object.build();
            }
            case FIXED ->
                new Json.Str(Bytes.copyOf(((GenericFixed) value).bytes()).hex());
            case STRING, ENUM -> new Json.Str(value.toString());
            case BOOLEAN -> new Json.Bool((Boolean) value);
            case LONG ->
                schema.getProp("logicalType") == null
                        ? new Json.Num((Long) value)
                        : new Json.Str(new Timestamp((Long) value).toString());
            default -> throw new AssertionError(schema);
        };
    }
}
