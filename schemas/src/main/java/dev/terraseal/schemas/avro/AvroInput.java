package dev.terraseal.schemas.avro;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.statement.RejectionReason;
import dev.terraseal.schemas.ConfluentFraming;

/**
 * Reads Avro binary from an array. Every declared length and count is compared with the bytes that are left before
 * anything is done with it, so that no input can ask for more memory or time than its own size. Reusable by
 * {@link #reset}; not safe for concurrent use. All refusals are {@link RefusedDataException}.
 */
public final class AvroInput {
    private byte[] data = new byte[0];
    private int begin;
    private int at;
    private int end;

    /** An input over Avro in Confluent framing, whose header is stepped over and whose schema id is not looked at. */
    public static AvroInput framed(byte[] framed) {
        ConfluentFraming.schemaId(framed);
        return new AvroInput().reset(framed, ConfluentFraming.HEADER_BYTES, framed.length);
    }

    public AvroInput reset(byte[] source, int from, int to) {
        if (from < 0 || to > source.length || from > to) {
            throw new IndexOutOfBoundsException(from + ".." + to + " of " + source.length);
        }
        data = source;
        begin = from;
        at = from;
        end = to;
        return this;
    }

    /** The array being read; {@link #take} gives places in it. */
    public byte[] data() {
        return data;
    }

    public int at() {
        return at;
    }

    public int remaining() {
        return end - at;
    }

    /** Zig-zag variable-length, at most ten bytes. */
    public long readLong() {
        if (at >= end) {
            throw refused("the record ends where a number should be");
        }
        long first = data[at++];
        if (first >= 0) {
            return first >>> 1 ^ -(first & 1);
        }
        long value = first & 0x7f;
        for (int shift = 7; shift < 70; shift += 7) {
            if (at >= end) {
                throw refused("the record ends inside a number");
            }
            long next = data[at++];
            if (shift == 63 && (next & 0xfe) != 0) {
                throw refused("a number of more than 64 bits");
            }
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value >>> 1 ^ -(value & 1);
            }
        }
        throw refused("a number of more than ten bytes");
    }

    /** The index of a union branch or enum symbol. */
    public int readIndex(int count) {
        long index = readLong();
        if (index < 0 || index >= count) {
            throw refused("choice " + index + " of " + count);
        }
        return (int) index;
    }

    /** The length of a string or of bytes, which must follow whole. */
    public int readLength() {
        long length = readLong();
        if (length < 0 || length > end - at) {
            throw refused("a declared length of " + length + " with " + (end - at) + " bytes left");
        }
        return (int) length;
    }

    /**
     * The number of items in the next block of an array or map, 0 at its end. An item takes at least one byte, so a count
     * above the bytes left is refused.
     */
    public int readBlock() {
        long count = readLong();
        if (count < 0) {
            long size = readLong();
            if (size < 0 || size > end - at) {
                throw refused("a block of " + size + " bytes with " + (end - at) + " left");
            }
            count = -count;
        }
        if (count < 0 || count > end - at) {
            throw refused("a count of " + count + " with " + (end - at) + " bytes left");
        }
        return (int) count;
    }

    public boolean readBoolean() {
        if (at >= end) {
            throw refused("the record ends where a boolean should be");
        }
        byte value = data[at++];
        if (value != 0 && value != 1) {
            throw refused("a boolean of " + value);
        }
        return value == 1;
    }

    /** Steps over {@code length} bytes and returns where in {@link #data} they begin. */
    public int take(int length) {
        if (length > end - at) {
            throw refused("the record ends " + (length - (end - at)) + " bytes too early");
        }
        int from = at;
        at += length;
        return from;
    }

    /** A string or bytes as they are. */
    public Bytes readSized() {
        int length = readLength();
        int from = take(length);
        return Bytes.copyOf(data, from, from + length);
    }

    /** A string, whose bytes must be well-formed UTF-8. */
    public String readText() {
        try {
            return readSized().utf8();
        } catch (IllegalArgumentException notUtf8) {
            throw new RefusedDataException(
                    RejectionReason.BAD_TEXT, "a string that is not well-formed UTF-8 before byte " + (at - begin));
        }
    }

    /** A fixed of 32 bytes. */
    public Digest readDigest() {
        return Digest.copyOf(data, take(Digest.LENGTH));
    }

    /** The second branch of a union with null was chosen. */
    public boolean readPresent() {
        return readIndex(2) == 1;
    }

    public void expectEnd() {
        if (at != end) {
            throw refused((end - at) + " bytes after the end of the record");
        }
    }

    private RefusedDataException refused(String what) {
        return new RefusedDataException(RejectionReason.MALFORMED_RECORD, what + " at byte " + (at - begin));
    }
}
