package dev.terraseal.schemas;

import dev.terraseal.core.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/** A header of a Kafka record as it was. */
public record RecordHeader(String name, @Nullable Bytes value) {
    int bytes() {
        return 3 * name.length() + (value == null ? 0 : value.length()) + 8;
    }
}
