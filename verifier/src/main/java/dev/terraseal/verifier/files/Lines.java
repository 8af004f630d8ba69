package dev.terraseal.verifier.files;

import dev.terraseal.core.bytes.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Lines that each end in 0x0A, one at a time and of bounded length. */
public final class Lines implements Closeable {
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

    /** The next line without its end, or null after the last. */
    public @Nullable Bytes next() throws IOException {
        byte[] line = new byte[0];
        while (true) {
            if (at == filled && !fill()) {
                if (line.length > 0) {
                    throw new MalformedException(file, "its last line has no end");
                }
                return null;
            }
            int end = at;
            while (end < filled && buffer[end] != '\n') {
                end++;
            }
            if (line.length + end - at > limit) {
                throw new MalformedException(file, "line " + (number + 1) + " is longer than " + limit + " bytes");
            }
            line = append(line, at, end);
            boolean ended = end < filled;
            at = ended ? end + 1 : end;
            if (ended) {
                number++;
                return Bytes.wrap(line);
            }
        }
    }

    private byte[] append(byte[] line, int from, int to) {
        byte[] longer = Arrays.copyOf(line, line.length + to - from);
        System.arraycopy(buffer, from, longer, line.length, to - from);
        return longer;
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
