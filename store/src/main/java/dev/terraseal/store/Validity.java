package dev.terraseal.store;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;

/**
 * Which bytes count under a name. Anyone who may write to a bucket can put a second version under a name or a first one
 * under the next: an object counts by its oldest <em>valid</em> version, so that neither blocks or replaces what is true.
 */
@FunctionalInterface
public interface Validity {
    /** Must answer, not throw, for any bytes. Never called for a delete marker. */
    boolean holds(Bytes content);

    /** For content that the reader itself checks against something it trusts, such as a proof against a root. */
    static Validity any() {
        return content -> true;
    }

    static Validity sha256(Digest digest) {
        return content -> Digest.of(content).equals(digest);
    }

    static Validity equalTo(Bytes expected) {
        return expected::equals;
    }
}
