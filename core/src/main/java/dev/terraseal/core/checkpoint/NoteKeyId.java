package dev.terraseal.core.checkpoint;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * The 32 bits by which a signature line names its key. A hint to find the key the verifier already has, never the key:
 * another key with the same id is quickly made, and its signature then fails.
 */
public record NoteKeyId(int value) {
    static NoteKeyId of(Bytes bytes) {
        return new NoteKeyId(bytes.asReadOnlyBuffer().getInt(0));
    }

    static NoteKeyId of(Digest digest) {
        return of(digest.bytes().slice(0, Integer.BYTES));
    }

    /** Reads 8 lower-case hex digits; anything else is an {@link IllegalArgumentException}. */
    public static NoteKeyId fromHex(String hex) {
        if (hex.length() != 8) {
            throw new IllegalArgumentException("a note key id has 8 hex digits, not " + hex.length());
        }
        return of(Bytes.fromHex(hex));
    }

    public Bytes bytes() {
        return Bytes.wrap(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    }

    /** 8 lower-case hex digits, as in verifier keys and in the names of archived cosignatures. */
    public String hex() {
        return HexFormat.of().toHexDigits(value);
    }

    /** By hand, as {@link #hashCode}: the compiler leaves both to their first use, which takes 10 ms. */
    @Override
    public boolean equals(Object other) {
        return other instanceof NoteKeyId that && value == that.value;
    }

    @Override
    public int hashCode() {
        return value;
    }

    @Override
    public String toString() {
        return hex();
    }
}
