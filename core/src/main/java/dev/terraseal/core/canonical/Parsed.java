package dev.terraseal.core.canonical;

import dev.terraseal.core.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/** A value that knows where it was read, if it was: then writing it again is copying its bytes. Equal by content. */
abstract class Parsed {
    final @Nullable Source source;

    Parsed(@Nullable Source source) {
        this.source = source;
    }

    /** What two equal values have in common. */
    abstract Object content();

    /** Writes a value that was made and not read. */
    abstract void writeMade(CanonicalBuffer out);

    public final void writeTo(CanonicalBuffer out) {
        if (source != null) {
            source.writeTo(out);
        } else {
            writeMade(out);
        }
    }

    /** The one canonical text of this value. */
    public final Bytes bytes() {
        if (source != null) {
            return source.bytes();
        }
        CanonicalBuffer out = new CanonicalBuffer(256);
        writeMade(out);
        return out.toBytes();
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof Parsed that && content().equals(that.content());
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
