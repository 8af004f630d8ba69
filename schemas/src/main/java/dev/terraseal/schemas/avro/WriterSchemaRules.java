package dev.terraseal.schemas.avro;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

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
     *   <li>a field that ours has not: Avro would drop what is in it, and evidence is refused rather than altered;
     *   <li>a number that counts something else than ours: Avro takes the number as it is, and seconds or microseconds
     *       would become another time.
     * </ul>
     */
    public static void require(Schema writer, Schema ours) {
        Map<String, Schema> known = recordsOf(ours);
        recordsOf(writer).forEach((name, record) -> {
            Schema mine = known.get(name);
            if (mine != null) {
                record.getFields().forEach(field -> requireField(name, field, mine.getField(field.name())));
            }
        });
    }

    private static void requireField(String name, Schema.Field field, Schema.@Nullable Field mine) {
        String where = "the schema's " + name + "." + field.name();
        if (mine == null) {
            throw new IllegalArgumentException(where
                    + " is a field this version does not know and would drop; upgrade the readers before the writers");
        }
        Set<String> wanted = countedBy(mine.schema());
        Set<String> found = countedBy(field.schema());
        if (!wanted.isEmpty() && !wanted.containsAll(found)) {
            throw new IllegalArgumentException(where + " has logical type " + found + " where ours has " + wanted
                    + ": the number would become another one; write it as ours says");
        }
    }

    /** The logical type of every number the value may be. */
    private static Set<String> countedBy(Schema schema) {
        Set<String> types = new HashSet<>();
        List<Schema> choices = schema.getType() == Schema.Type.UNION ? schema.getTypes() : List.of(schema);
        for (Schema choice : choices) {
            if (choice.getType() == Schema.Type.LONG || choice.getType() == Schema.Type.INT) {
                types.add(Objects.requireNonNullElse(choice.getProp(LogicalType.LOGICAL_TYPE_PROP), "none"));
            }
        }
        return types;
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
