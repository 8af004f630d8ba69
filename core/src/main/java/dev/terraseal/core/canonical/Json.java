package dev.terraseal.core.canonical;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value as we write it: no null, integers only, members in the order of UTF-16 code units. Readers throw
 * {@link JsonException} naming the member when something is absent or of another kind.
 */
public sealed interface Json permits Json.Obj, Json.Arr, Json.Str, Json.Num, Json.Bool {

    /** The one canonical text of this value. */
    default Bytes bytes() {
        CanonicalBuffer out = new CanonicalBuffer(256);
        writeTo(out);
        return out.toBytes();
    }

    void writeTo(CanonicalBuffer out);

    /** What this value is, for messages. */
    String kind();

    static Builder obj() {
        return new Builder();
    }

    static Arr arr(List<? extends Json> items) {
        return new Arr(List.copyOf(items));
    }

    static Arr texts(List<String> items) {
        List<Json> out = new ArrayList<>(items.size());
        for (String item : items) {
            out.add(new Str(item));
        }
        return new Arr(out);
    }

    /** Text. What was parsed keeps its place in the source and becomes a {@link String} when somebody asks for it. */
    final class Str extends Parsed implements Json {
        private @Nullable String value;

        public Str(String value) {
            super(null, 0);
            this.value = value;
        }

        Str(Places source, int place) {
            super(source, place);
        }

        public String value() {
            String known = value;
            if (known == null) {
                known = source == null ? "" : source.string(place);
                value = known;
            }
            return known;
        }

        /** The SHA-256 that is written here in lower-case hex. */
        Digest hexDigest() {
            return source == null ? Digest.fromHex(value()) : source.hexDigest(place);
        }

        /** The SHA-256 that is written here in canonical base64. */
        Digest base64Digest() {
            return source == null ? Digest.fromBase64(value()) : source.base64Digest(place);
        }

        @Override
        Object content() {
            return value();
        }

        @Override
        void writeMade(CanonicalBuffer out) {
            out.string(value());
        }

        @Override
        public String kind() {
            return "a string";
        }
    }

    record Num(long value) implements Json {
        public Num {
            if (value > CanonicalBuffer.NUMBER_MAX || value < -CanonicalBuffer.NUMBER_MAX) {
                throw new JsonException("the number " + value + " lies outside ±(2^53 − 1)");
            }
        }

        @Override
        public void writeTo(CanonicalBuffer out) {
            out.number(value);
        }

        @Override
        public String kind() {
            return "a number";
        }
    }

    record Bool(boolean value) implements Json {
        @Override
        public void writeTo(CanonicalBuffer out) {
            out.bool(value);
        }

        @Override
        public String kind() {
            return "a boolean";
        }
    }

    /** Values in order. */
    final class Arr extends Parsed implements Json {
        private @Nullable List<Json> items;

        public Arr(List<Json> items) {
            super(null, 0);
            this.items = List.copyOf(items);
        }

        Arr(Places source, int place) {
            super(source, place);
        }

        public List<Json> items() {
            List<Json> known = items;
            if (known == null) {
                known = source == null ? List.of() : Collections.unmodifiableList(source.items(place));
                items = known;
            }
            return known;
        }

        @Override
        Object content() {
            return items();
        }

        @Override
        void writeMade(CanonicalBuffer out) {
            List<Json> items = items();
            out.raw((byte) '[');
            for (int i = 0; i < items.size(); i++) {
                if (i > 0) {
                    out.raw((byte) ',');
                }
                items.get(i).writeTo(out);
            }
            out.raw((byte) ']');
        }

        public List<String> strings() {
            List<String> out = new ArrayList<>(items().size());
            for (Json item : items()) {
                out.add(only(Str.class, item, "strings").value());
            }
            return out;
        }

        public List<Obj> objects() {
            List<Obj> out = new ArrayList<>(items().size());
            for (Json item : items()) {
                out.add(only(Obj.class, item, "objects"));
            }
            return out;
        }

        /** SHA-256 values written as canonical base64. */
        public List<Digest> base64Digests() {
            List<Digest> out = new ArrayList<>(items().size());
            for (Json item : items()) {
                out.add(only(Str.class, item, "strings").base64Digest());
            }
            return out;
        }

        private static <T extends Json> T only(Class<T> type, Json item, String what) {
            if (!type.isInstance(item)) {
                throw new JsonException("an array of " + what + " holds " + item.kind());
            }
            return type.cast(item);
        }

        @Override
        public String kind() {
            return "an array";
        }
    }

    /** Members by name. */
    final class Obj extends PlainMembers implements Json {

        public Obj(Map<String, Json> members) {
            super(Members.of(members));
        }

        Obj(Places source, int place) {
            super(source, place);
        }

        public Obj object(String name) {
            return expect(name, Obj.class, "an object");
        }

        public @Nullable Obj objectOrNull(String name) {
            Json value = get(name);
            return value == null ? null : as(value, name, Obj.class, "an object");
        }

        public Arr array(String name) {
            return expect(name, Arr.class, "an array");
        }

        /** Refuses absent and unknown members; a name ending in {@code ?} may be absent. Returns this. */
        public Obj requireMembers(String... names) {
            require(names);
            return this;
        }

        @Override
        public String kind() {
            return "an object";
        }
    }

    /** Collects members in any order; {@link #build} sorts them. */
    final class Builder {
        private final Map<String, Json> members = new TreeMap<>();

        private Builder() {}

        public Builder put(String name, Json value) {
            if (members.put(name, value) != null) {
                throw new JsonException("member '" + name + "' is written twice");
            }
            return this;
        }

        public Builder put(String name, String value) {
            return put(name, new Str(value));
        }

        public Builder put(String name, long value) {
            return put(name, new Num(value));
        }

        public Builder put(String name, boolean value) {
            return put(name, new Bool(value));
        }

        public Builder put(String name, Digest value) {
            return put(name, new Str(value.hex()));
        }

        public Builder putIfPresent(String name, @Nullable String value) {
            return value == null ? this : put(name, value);
        }

        public Builder putIfPresent(String name, @Nullable Json value) {
            return value == null ? this : put(name, value);
        }

        public Builder putIfPresent(String name, @Nullable Long value) {
            return value == null ? this : put(name, value.longValue());
        }

        public Obj build() {
            return new Obj(members);
        }
    }
}
