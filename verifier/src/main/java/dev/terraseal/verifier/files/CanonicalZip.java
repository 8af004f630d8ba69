package dev.terraseal.verifier.files;

import dev.terraseal.core.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The one form of a bundle as a zip (PKWARE APPNOTE 6.3): stored members, constant attributes, nothing optional. Writer
 * and reader both build these bytes, so that whatever could be said in two ways is refused by comparison.
 */
public final class CanonicalZip {
    /** Beyond this many members or {@link #BYTES_MAX} bytes there is no zip without the 64-bit extensions. */
    public static final int MEMBERS_MAX = 65_534;

    public static final long BYTES_MAX = 0xFFFF_FFFEL;
    static final int LOCAL_LENGTH = 30;
    static final int CENTRAL_LENGTH = 46;
    static final int END_LENGTH = 22;

    private static final short MADE_BY = 0x0314;
    private static final short NEEDED = 10;
    /** 1980-01-01, the first day the format can write. */
    private static final short DATE = 0x0021;
    /** A regular file, mode 0644. */
    private static final int ATTRIBUTES = 0x81A4_0000;

    private CanonicalZip() {}

    /** What stands before a member's bytes. */
    public static Bytes local(String name, int crc, long size) {
        byte[] header = new byte[LOCAL_LENGTH + name.length()];
        ByteBuffer out = littleEndian(header);
        out.putInt(0x04034b50);
        describe(out, name, crc, size);
        out.put(name.getBytes(StandardCharsets.US_ASCII));
        return Bytes.wrap(header);
    }

    /** A member's line in the central directory; {@code offset} is that of its local header. */
    public static Bytes central(String name, int crc, long size, long offset) {
        byte[] line = new byte[CENTRAL_LENGTH + name.length()];
        ByteBuffer out = littleEndian(line);
        out.putInt(0x02014b50).putShort(MADE_BY);
        describe(out, name, crc, size);
        out.putShort((short) 0).putShort((short) 0).putShort((short) 0);
        out.putInt(ATTRIBUTES).putInt((int) offset);
        out.put(name.getBytes(StandardCharsets.US_ASCII));
        return Bytes.wrap(line);
    }

    /** The end of central directory record, without a comment. */
    public static Bytes end(int members, long centralSize, long centralOffset) {
        byte[] record = new byte[END_LENGTH];
        ByteBuffer out = littleEndian(record);
        out.putInt(0x06054b50).putShort((short) 0).putShort((short) 0);
        out.putShort((short) members).putShort((short) members);
        out.putInt((int) centralSize).putInt((int) centralOffset).putShort((short) 0);
        return Bytes.wrap(record);
    }

    private static void describe(ByteBuffer out, String name, int crc, long size) {
        out.putShort(NEEDED).putShort((short) 0).putShort((short) 0);
        out.putShort((short) 0).putShort(DATE);
        out.putInt(crc).putInt((int) size).putInt((int) size);
        out.putShort((short) name.length()).putShort((short) 0);
    }

    private static ByteBuffer littleEndian(byte[] target) {
        return ByteBuffer.wrap(target).order(ByteOrder.LITTLE_ENDIAN);
    }
}
