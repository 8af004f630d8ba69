package dev.terraseal.core.keys;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;

/** SHA-256 of the canonical SPKI, recomputed from the key and never read from a file name. Not a C2SP note key id. */
public record KeyId(Digest value) {
    public static KeyId of(Bytes spki) {
        return new KeyId(Digest.of(spki));
    }

    public static KeyId fromHex(String hex) {
        return new KeyId(Digest.fromHex(hex));
    }

    public String hex() {
        return value.hex();
    }

    /** The first 8 characters, for people; never for comparison. */
    public String shortHex() {
        return hex().substring(0, 8);
    }

    /** By hand, as {@link #hashCode}: the compiler leaves both to their first use, which takes 10 ms. */
    @Override
    public boolean equals(Object other) {
        return other instanceof KeyId that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return hex();
    }
}
