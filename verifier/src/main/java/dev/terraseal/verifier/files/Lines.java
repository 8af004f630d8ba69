package dev.terraseal.verifier.files;

import dev.terraseal.core.bytes.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Lines that each end in 0x0A, one at a time and of bounded length. */
public final class Lines implements Closeable {
    /** Sixteen ML-DSA-65 signatures in base64 and the names of their keys, or a path, with room. */
    private static final int SIGNATURES_MAX = 1 << 17;

    private static final byte[] NOTHING = new byte[0];

    private final InputStream in;
    private final String file;
    private final int limit;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int filled;
    private long number;

    /** {@code limit} is the longest line that is read, without its end. */
    public Lines(InputStream in, String file, int limit) {
        this.in = in;
        this.file = file;
        this.limit = limit;
    }

    /** The longest line that holds a statement of so many bytes in base64, and what signs it. */
    public static int withStatement(long statementBytes) {
        return (int) (4 * ((statementBytes + 2) / 3)) + SIGNATURES_MAX;
    }

    /** The next line without its end, or null after the last. */
    public @Nullable Bytes next() throws IOException {
        byte[] begun = NOTHING;
        int length = 0;
        while (true) {
            if (at == filled && !fill()) {
                if (length > 0) {
                    throw new MalformedException(file, "its last line has no end");
                }
                return null;
            }
            int from = at;
            int end = endOfLine();
            if (length + end - from > limit) {
                throw new MalformedException(file, "line " + (number + 1) + " is longer than " + limit + " bytes");
            }
            boolean ended = end < filled;
            at = ended ? end + 1 : end;
            if (ended && length == 0) {
                number++;
                return Bytes.copyOf(buffer, from, end);
            }
            begun = roomFor(begun, length + end - from);
            System.arraycopy(buffer, from, begun, length, end - from);
            length += end - from;
            if (ended) {
                number++;
                return Bytes.copyOf(begun, 0, length);
            }
        }
    }

    /** Where the next line ends, or what is filled. */
    private int endOfLine() {
        byte[] in = buffer;
        int end = at;
        while (end < filled && in[end] != '\n') {
            end++;
        }
        return end;
    }

    /** Doubles, so that a long line is copied as often as it has bits and not as it has buffers. */
    private byte[] roomFor(byte[] begun, int length) {
        return length <= begun.length
                ? begun
                : Arrays.copyOf(begun, (int) Math.max(length, Math.min(2L * begun.length, limit)));
    }

    private boolean fill() throws IOException {
        at = 0;
        filled = Math.max(0, in.read(buffer));
        return filled > 0;
    }

    /** The number of the line that {@link #next} returned last, from 1. */
    public long number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
