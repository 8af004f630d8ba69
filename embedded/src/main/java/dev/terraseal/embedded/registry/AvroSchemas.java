package dev.terraseal.embedded.registry;

import dev.terraseal.schemas.registry.Compatibility;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/** Avro's own parser and its own judgement of compatibility. */
final class AvroSchemas {
    private AvroSchemas() {}

    static Schema parse(String text) throws RegistryError {
        try {
            return new Schema.Parser().parse(text);
        } catch (AvroRuntimeException e) {
            throw RegistryError.invalidSchema(String.valueOf(e.getMessage()));
        }
    }

    /** Why the new schema may not follow these versions (oldest first); empty if it may. */
    static List<String> conflicts(Compatibility level, Schema next, List<Schema> versions) {
        int first = level.transitive() ? 0 : Math.max(0, versions.size() - 1);
        List<String> conflicts = new ArrayList<>();
        for (int i = first; i < versions.size(); i++) {
            if (level.newReadsOld()) {
                conflicts.addAll(cannotRead("the new schema", next, "version " + (i + 1), versions.get(i)));
            }
            if (level.oldReadsNew()) {
                conflicts.addAll(cannotRead("version " + (i + 1), versions.get(i), "the new schema", next));
            }
        }
        return conflicts;
    }

    private static List<String> cannotRead(String readerName, Schema reader, String writerName, Schema writer) {
        var judged = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
        if (judged.getType() == SchemaCompatibilityType.COMPATIBLE) {
            return List.of();
        }
        List<String> reasons = new ArrayList<>();
        for (Incompatibility reason : judged.getResult().getIncompatibilities()) {
            reasons.add(readerName + " cannot read data of " + writerName + ": " + reason.getType() + " at "
                    + reason.getLocation() + " (" + reason.getMessage() + ")");
        }
        return reasons;
    }
}
