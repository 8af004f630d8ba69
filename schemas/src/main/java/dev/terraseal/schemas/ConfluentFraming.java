package dev.terraseal.schemas;

import dev.terraseal.core.bytes.Bytes;

/** Confluent wire format: a zero byte, the schema id as four bytes big-endian, then Avro binary. */
public final class ConfluentFraming {
    public static final int HEADER_BYTES = 5;
    public static final byte MAGIC = 0;

    private ConfluentFraming() {}

    public static byte[] frame(int schemaId, Bytes avro) {
        byte[] framed = new byte[HEADER_BYTES + avro.length()];
        writeHeader(schemaId, framed);
        avro.copyTo(framed, HEADER_BYTES);
        return framed;
    }

    /** Writes the header to the first {@link #HEADER_BYTES} of {@code framed}. */
    public static void writeHeader(int schemaId, byte[] framed) {
        framed[0] = MAGIC;
        framed[1] = (byte) (schemaId >>> 24);
        framed[2] = (byte) (schemaId >>> 16);
        framed[3] = (byte) (schemaId >>> 8);
        framed[4] = (byte) schemaId;
    }

    /** The schema id of framed bytes; anything that is not framed is an {@link IllegalArgumentException} saying why. */
    public static int schemaId(byte[] framed) {
        if (framed.length < HEADER_BYTES) {
            throw new IllegalArgumentException("a value of " + framed.length
                    + " bytes has no room for Confluent framing (a zero byte and a 4-byte schema id)");
        }
        if (framed[0] != MAGIC) {
            throw new IllegalArgumentException("the first byte is 0x" + Integer.toHexString(framed[0] & 0xff)
                    + ", not 0x00: the value is not in Confluent framing");
        }
        return (framed[1] & 0xff) << 24 | (framed[2] & 0xff) << 16 | (framed[3] & 0xff) << 8 | framed[4] & 0xff;
    }
}
