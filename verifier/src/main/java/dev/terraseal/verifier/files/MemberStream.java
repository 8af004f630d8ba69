package dev.terraseal.verifier.files;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;

/** The bytes of one stored member; its end is reached only if the checksum written in the zip is theirs. */
final class MemberStream extends InputStream {
    private final FileChannel channel;
    private final String name;
    private final int crc;
    private final CRC32 sum = new CRC32();
    private final byte[] buffer = new byte[1 << 16];
    private long position;
    private long remaining;
    private int at;
    private int filled;

    MemberStream(FileChannel channel, String name, long start, long size, int crc) {
        this.channel = channel;
        this.name = name;
        this.position = start;
        this.remaining = size;
        this.crc = crc;
    }

    @Override
    public int read() throws IOException {
        return fill() ? buffer[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, filled - at);
        System.arraycopy(buffer, at, target, from, count);
        at += count;
        return count;
    }

    private boolean fill() throws IOException {
        if (at < filled) {
            return true;
        }
        if (remaining == 0) {
            if ((int) sum.getValue() != crc) {
                throw new MalformedException(name, "its bytes are not those the checksum in the zip was made of");
            }
            return false;
        }
        int count = channel.read(ByteBuffer.wrap(buffer, 0, (int) Math.min(buffer.length, remaining)), position);
        if (count < 0) {
            throw new EOFException("the zip became shorter while " + name + " was read");
        }
        sum.update(buffer, 0, count);
        position += count;
        remaining -= count;
        at = 0;
        filled = count;
        return count > 0 || fill();
    }
}
