package dev.terraseal.core.canonical;

import dev.terraseal.core.bytes.Bytes;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** A value that knows where it was read, if it was: then writing it again is copying its bytes. Equal by content. */
abstract class Parsed {
    /** Null for a value that was made. */
    final @Nullable Places source;

    /** Which value of {@link #source} it is. */
    final int place;

    Parsed(@Nullable Places source, int place) {
        this.source = source;
        this.place = place;
    }

    /** What two equal values have in common. */
    abstract Object content();

    /** Writes a value that was made and not read. */
    abstract void writeMade(CanonicalBuffer out);

    public final void writeTo(CanonicalBuffer out) {
        if (source != null) {
            source.writeTo(place, out);
        } else {
            writeMade(out);
        }
    }

    /** Hashes the canonical text; what was read is hashed where it stands. */
    public final void update(MessageDigest digest) {
        if (source != null) {
            source.update(place, digest);
        } else {
            bytes().update(digest);
        }
    }

    /** The one canonical text of this value. */
    public final Bytes bytes() {
        if (source != null) {
            return source.bytes(place);
        }
        CanonicalBuffer out = new CanonicalBuffer(256);
        writeMade(out);
        return out.toBytes();
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        if (!(other instanceof Parsed that)) {
            return false;
        }
        return source != null && that.source != null
                ? source.isSame(place, that.source, that.place)
                : content().equals(that.content());
    }

    @Override
    public final int hashCode() {
        return content().hashCode();
    }

    @Override
    public final String toString() {
        return content().toString();
    }
}
