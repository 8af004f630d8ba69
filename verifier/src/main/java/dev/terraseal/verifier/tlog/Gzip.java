package dev.terraseal.verifier.tlog;

import dev.terraseal.core.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * RFC 1952, one member with nothing after it. The JDK's stream ignores what follows a member, and bytes that nobody
 * looks at are where a verifier is deceived.
 */
final class Gzip {
    private static final int HEADER = 10;
    private static final int TRAILER = 8;

    private Gzip() {}

    /** The content, or null if {@code bytes} are not exactly one plain gzip member of at most {@code limit} bytes. */
    static @Nullable Bytes inflate(Bytes bytes, int limit) {
        byte[] in = bytes.toByteArray();
        // 1f 8b, deflate, no flags: no file name, comment or extra field whose bytes nothing would check.
        if (in.length < HEADER + TRAILER || in[0] != 0x1f || in[1] != (byte) 0x8b || in[2] != 8 || in[3] != 0) {
            return null;
        }
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(in, HEADER, in.length - HEADER);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[1 << 16];
            while (!inflater.finished()) {
                int count = inflater.inflate(buffer);
                if ((count == 0 && !inflater.finished()) || out.size() + count > limit) {
                    return null;
                }
                out.write(buffer, 0, count);
            }
            byte[] content = out.toByteArray();
            int at = in.length - inflater.getRemaining();
            CRC32 crc = new CRC32();
            crc.update(content);
            boolean whole = in.length - at == TRAILER
                    && little(in, at) == crc.getValue()
                    && little(in, at + 4) == (content.length & 0xffffffffL);
            return whole ? Bytes.wrap(content) : null;
        } catch (DataFormatException malformed) {
            return null;
        } finally {
            inflater.end();
        }
    }

    private static long little(byte[] bytes, int at) {
        long value = 0;
        for (int i = 3; i >= 0; i--) {
            value = value << 8 | (bytes[at + i] & 0xff);
        }
        return value;
    }
}
