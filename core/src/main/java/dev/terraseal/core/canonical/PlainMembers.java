package dev.terraseal.core.canonical;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The reading of an object's members that hold no further members. */
abstract class PlainMembers extends Parsed {
    private final Members made;

    PlainMembers(Members made) {
        super(null, 0);
        this.made = made;
    }

    PlainMembers(Places source, int place) {
        super(source, place);
        this.made = Members.NONE;
    }

    @Override
    final Object content() {
        return members();
    }

    @Override
    final void writeMade(CanonicalBuffer out) {
        made.writeTo(out);
    }

    /** The members in the order of their names. */
    public Map<String, Json> members() {
        return source == null ? made.map() : Collections.unmodifiableMap(source.members(place));
    }

    public boolean has(String name) {
        return get(name) != null;
    }

    public @Nullable Json get(String name) {
        return source == null ? made.get(name) : source.member(place, name, name.length());
    }

    public String string(String name) {
        return expect(name, Json.Str.class, "a string").value();
    }

    public @Nullable String stringOrNull(String name) {
        Json value = get(name);
        return value == null
                ? null
                : as(value, name, Json.Str.class, "a string").value();
    }

    public @Nullable Long numberOrNull(String name) {
        Json value = get(name);
        return value == null
                ? null
                : Long.valueOf(as(value, name, Json.Num.class, "a number").value());
    }

    public long number(String name) {
        return expect(name, Json.Num.class, "a number").value();
    }

    public boolean bool(String name) {
        return expect(name, Json.Bool.class, "a boolean").value();
    }

    /** A digest written as hex. */
    public Digest digest(String name) {
        try {
            return expect(name, Json.Str.class, "a string").hexDigest();
        } catch (IllegalArgumentException notHex) {
            throw new JsonException("'" + name + "' is no SHA-256 in lower-case hex: " + notHex.getMessage());
        }
    }

    /** Bytes written as canonical base64. */
    public Bytes base64(String name) {
        try {
            return Bytes.fromBase64(string(name));
        } catch (IllegalArgumentException notBase64) {
            throw new JsonException("'" + name + "' is not canonical base64: " + notBase64.getMessage());
        }
    }

    /** The member {@code name}, which has to be there and of the kind {@code wanted} names. */
    final <T extends Json> T expect(String name, Class<T> type, String wanted) {
        Json value = get(name);
        if (value == null) {
            throw new JsonException("'" + name + "' is missing");
        }
        return as(value, name, type, wanted);
    }

    static <T extends Json> T as(Json value, String name, Class<T> type, String wanted) {
        if (!type.isInstance(value)) {
            throw new JsonException("'" + name + "' is " + value.kind() + ", not " + wanted);
        }
        return type.cast(value);
    }

    /** Refuses absent and unknown members; {@code wanted} are distinct, and one ending in {@code ?} may be absent. */
    final void require(String... wanted) {
        // Nearly always everything is as it has to be, and in the order it was asked for.
        if (source != null && source.hasOnly(place, wanted)) {
            return;
        }
        int known = 0;
        for (String name : wanted) {
            boolean optional = isOptional(name);
            if (isThere(name, optional ? name.length() - 1 : name.length())) {
                known++;
            } else if (!optional) {
                throw new JsonException("'" + name + "' is missing");
            }
        }
        if (known != (source == null ? made.size() : source.size(place))) {
            throw new JsonException("unknown member '" + firstUnknown(wanted) + "'");
        }
    }

    private boolean isThere(String name, int length) {
        return source == null ? made.get(name.substring(0, length)) != null : source.has(place, name, length);
    }

    private String firstUnknown(String... wanted) {
        for (String name : members().keySet()) {
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

    static boolean isOptional(String name) {
        return name.charAt(name.length() - 1) == '?';
    }
}
