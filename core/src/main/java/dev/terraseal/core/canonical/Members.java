package dev.terraseal.core.canonical;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The members of an object in the order of their names. {@link String#compareTo} is the order of UTF-16 code units that
 * RFC 8785 section 3.2.3 asks for. Immutable.
 */
final class Members {
    private final String[] names;
    private final Json[] values;

    /** {@code names} ascend, each once; both arrays are given away. */
    Members(String[] names, Json[] values) {
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

    /** The member {@code name}, which has to be there and of the kind {@code wanted} names. */
    <T extends Json> T expect(String name, Class<T> type, String wanted) {
        Json value = get(name);
        if (value == null) {
            throw new JsonException("'" + name + "' is missing");
        }
        if (!type.isInstance(value)) {
            throw new JsonException("'" + name + "' is " + value.kind() + ", not " + wanted);
        }
        return type.cast(value);
    }

    Digest digest(String name) {
        try {
            return Digest.fromHex(text(name));
        } catch (IllegalArgumentException notHex) {
            throw new JsonException("'" + name + "' is no SHA-256 in lower-case hex: " + notHex.getMessage());
        }
    }

    Bytes base64(String name) {
        try {
            return Bytes.fromBase64(text(name));
        } catch (IllegalArgumentException notBase64) {
            throw new JsonException("'" + name + "' is not canonical base64: " + notBase64.getMessage());
        }
    }

    private String text(String name) {
        return expect(name, Json.Str.class, "a string").value();
    }

    Map<String, Json> map() {
        TreeMap<String, Json> map = new TreeMap<>();
        for (int i = 0; i < names.length; i++) {
            map.put(names[i], values[i]);
        }
        return Collections.unmodifiableMap(map);
    }

    /** Refuses absent and unknown members; {@code wanted} are distinct, and one ending in {@code ?} may be absent. */
    void require(String... wanted) {
        int known = 0;
        for (String name : wanted) {
            boolean optional = isOptional(name);
            String plain = optional ? name.substring(0, name.length() - 1) : name;
            if (get(plain) != null) {
                known++;
            } else if (!optional) {
                throw new JsonException("'" + plain + "' is missing");
            }
        }
        if (known != names.length) {
            throw new JsonException("unknown member '" + firstUnknown(wanted) + "'");
        }
    }

    private String firstUnknown(String... wanted) {
        for (String name : names) {
            boolean known = false;
            for (String each : wanted) {
                // A member may itself be called "name?".
                known |= isOptional(each) ? each.equals(name + "?") : each.equals(name);
            }
            if (!known) {
                return name;
            }
        }
        throw new IllegalStateException("a member was counted twice: " + String.join(", ", wanted));
    }

    private static boolean isOptional(String name) {
        return name.charAt(name.length() - 1) == '?';
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

    @Override
    public boolean equals(Object other) {
        return other instanceof Members that && Arrays.equals(names, that.names) && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(names) + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return map().toString();
    }
}
