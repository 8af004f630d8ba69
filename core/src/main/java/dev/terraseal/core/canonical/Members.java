package dev.terraseal.core.canonical;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The members of an object that was made, in the order of their names. {@link String#compareTo} is the order of UTF-16 code
 * units that RFC 8785 section 3.2.3 asks for. Immutable.
 */
final class Members {
    static final Members NONE = new Members(new String[0], new Json[0]);

    private final String[] names;
    private final Json[] values;

    private Members(String[] names, Json[] values) {
        this.names = names;
        this.values = values;
    }

    static Members of(Map<String, Json> members) {
        TreeMap<String, Json> sorted = new TreeMap<>(members);
        return new Members(
                sorted.keySet().toArray(new String[0]), sorted.values().toArray(new Json[0]));
    }

    @Nullable Json get(String name) {
        int at = Arrays.binarySearch(names, name);
        return at < 0 ? null : values[at];
    }

    int size() {
        return names.length;
    }

    Map<String, Json> map() {
        TreeMap<String, Json> map = new TreeMap<>();
        for (int i = 0; i < names.length; i++) {
            map.put(names[i], values[i]);
        }
        return Collections.unmodifiableMap(map);
    }

    void writeTo(CanonicalBuffer out) {
        out.raw((byte) '{');
        for (int i = 0; i < names.length; i++) {
            if (i > 0) {
                out.raw((byte) ',');
            }
            out.string(names[i]).raw((byte) ':');
            values[i].writeTo(out);
        }
        out.raw((byte) '}');
    }
}
