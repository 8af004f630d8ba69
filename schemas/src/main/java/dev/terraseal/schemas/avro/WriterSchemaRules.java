package dev.terraseal.schemas.avro;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;

/** What the schema of another writer must satisfy before Avro may resolve it to ours. */
public final class WriterSchemaRules {
    private static final int LEVELS_MAX = 64;

    private final Set<String> enclosing = new HashSet<>();
    private final Map<String, Schema> records = new HashMap<>();

    private WriterSchemaRules() {}

    /**
     * Refuses with an {@link IllegalArgumentException}
     *
     * <ul>
     *   <li>a schema that contains itself or is nested deep: a record that contains itself without a choice is an endless
     *       value of no bytes, which Avro's resolver follows until memory is gone;
     *   <li>a field that ours has not: Avro would drop what is in it, and evidence is refused rather than altered.
     * </ul>
     */
    public static void require(Schema writer, Schema ours) {
        Map<String, Schema> known = recordsOf(ours);
        recordsOf(writer).forEach((name, record) -> {
            Schema mine = known.get(name);
            for (Schema.Field field : record.getFields()) {
                if (mine != null && mine.getField(field.name()) == null) {
                    throw new IllegalArgumentException(
                            "the schema's " + name + "." + field.name()
                                    + " is a field this version does not know and would drop; upgrade the readers before the writers");
                }
            }
        });
    }

    /** By simple name, because Avro resolves records across namespaces. */
    private static Map<String, Schema> recordsOf(Schema schema) {
        WriterSchemaRules walk = new WriterSchemaRules();
        walk.walk(schema, 0);
        return walk.records;
    }

    private void walk(Schema schema, int level) {
        if (level > LEVELS_MAX) {
            throw new IllegalArgumentException("a schema of more than " + LEVELS_MAX + " levels");
        }
        switch (schema.getType()) {
            case RECORD -> record(schema, level);
            case ARRAY -> walk(schema.getElementType(), level + 1);
            case MAP -> walk(schema.getValueType(), level + 1);
            case UNION -> schema.getTypes().forEach(branch -> walk(branch, level + 1));
            default -> {}
        }
    }

    private void record(Schema schema, int level) {
        if (!enclosing.add(schema.getFullName())) {
            throw new IllegalArgumentException("the schema of " + schema.getFullName() + " contains itself");
        }
        Schema seen = records.putIfAbsent(schema.getName(), schema);
        if (seen != null && !seen.getFullName().equals(schema.getFullName())) {
            throw new IllegalArgumentException(
                    "two records named " + schema.getName() + ", which Avro may take for each other");
        }
        if (seen == null) {
            schema.getFields().forEach(field -> walk(field.schema(), level + 1));
        }
        enclosing.remove(schema.getFullName());
    }
}
