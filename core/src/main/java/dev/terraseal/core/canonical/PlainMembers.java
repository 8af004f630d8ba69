package dev.terraseal.core.canonical;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import org.jspecify.annotations.Nullable;

/** The reading of an object's members that hold no further members. */
abstract class PlainMembers extends Parsed {
    final Members members;

    PlainMembers(@Nullable Source source, Members members) {
        super(source);
        this.members = members;
    }

    @Override
    final Object content() {
        return members;
    }

    @Override
    final void writeMade(CanonicalBuffer out) {
        members.writeTo(out);
    }

    public boolean has(String name) {
        return members.get(name) != null;
    }

    public @Nullable Json get(String name) {
        return members.get(name);
    }

    public String string(String name) {
        return members.expect(name, Json.Str.class, "a string").value();
    }

    public @Nullable String stringOrNull(String name) {
        return has(name) ? string(name) : null;
    }

    public long number(String name) {
        return members.expect(name, Json.Num.class, "a number").value();
    }

    public boolean bool(String name) {
        return members.expect(name, Json.Bool.class, "a boolean").value();
    }

    /** A digest written as hex. */
    public Digest digest(String name) {
        return members.digest(name);
    }

    /** Bytes written as canonical base64. */
    public Bytes base64(String name) {
        return members.base64(name);
    }
}
