package dev.terraseal.schemas.avro;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.schemas.ConfluentFraming;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes Avro binary into a growing array. Not safe for concurrent use. */
public final class AvroOutput {
    private byte[] data;
    private int at;

    public AvroOutput(int capacity) {
        data = new byte[capacity];
    }

    public AvroOutput number(long value) {
        ensure(sizeOf(value));
        long rest = value << 1 ^ value >> 63;
        while ((rest & ~0x7fL) != 0) {
            data[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        data[at++] = (byte) rest;
        return this;
    }

    /** An output that begins with the Confluent header of {@code schemaId}. */
    public static AvroOutput framed(int schemaId, int capacity) {
        AvroOutput out = new AvroOutput(capacity + ConfluentFraming.HEADER_BYTES);
        ConfluentFraming.writeHeader(schemaId, out.data);
        out.at = ConfluentFraming.HEADER_BYTES;
        return out;
    }

    /** How many bytes {@link #number} writes. */
    public static int sizeOf(long value) {
        long rest = value << 1 ^ value >> 63;
        return (70 - Long.numberOfLeadingZeros(rest | 1)) / 7;
    }

    /** The branch of a union [null, something]; the value follows where {@code value} is there. */
    public boolean present(@Nullable Object value) {
        index(value == null ? 0 : 1);
        return value != null;
    }

    /** The index of a union branch or enum symbol. */
    public AvroOutput index(int index) {
        return number(index);
    }

    public AvroOutput bool(boolean value) {
        return raw((byte) (value ? 1 : 0));
    }

    /** A string or bytes: length, then the bytes. */
    public AvroOutput sized(Bytes value) {
        return number(value.length()).raw(value);
    }

    public AvroOutput text(String value) {
        return isAscii(value) ? ascii(value) : sized(Bytes.utf8(value));
    }

    private static boolean isAscii(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("deprecation") // the low bytes are exactly what is wanted, and no encoder runs
    private AvroOutput ascii(String value) {
        int length = value.length();
        number(length);
        ensure(length);
        value.getBytes(0, length, data, at);
        at += length;
        return this;
    }

    public AvroOutput fixed(Digest value) {
        ensure(Digest.LENGTH);
        value.copyTo(data, at);
        at += Digest.LENGTH;
        return this;
    }

    public AvroOutput raw(byte value) {
        ensure(1);
        data[at++] = value;
        return this;
    }

    public AvroOutput raw(Bytes value) {
        ensure(value.length());
        value.copyTo(data, at);
        at += value.length();
        return this;
    }

    public int length() {
        return at;
    }

    /** What was written. Where the capacity was exact it is not copied: whatever is written later goes to another array. */
    public byte[] toByteArray() {
        return at == data.length ? data : Arrays.copyOf(data, at);
    }

    public Bytes toBytes() {
        return Bytes.wrap(toByteArray());
    }

    private void ensure(int more) {
        if (data.length - at < more) {
            data = Arrays.copyOf(data, Math.max(Math.addExact(at, more), (int)
                    Math.min(2L * data.length + 32, 1 << 30)));
        }
    }
}
