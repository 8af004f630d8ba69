package dev.terraseal.core.canonical;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.Timestamp;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing byte buffer that writes canonical JSON pieces without a tree. The caller writes members in canonical order;
 * this class answers for the form of each value. Not safe for concurrent use; meant to be reused by {@link #reset()}.
 */
public final class CanonicalBuffer {
    static final long NUMBER_MAX = (1L << 53) - 1;

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BASE64 =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes;
    private int position;

    public CanonicalBuffer(int capacity) {
        bytes = new byte[Math.max(64, capacity)];
    }

    public int position() {
        return position;
    }

    /** Forgets everything from {@code to} on. */
    public void truncate(int to) {
        if (to < 0 || to > position) {
            throw new IndexOutOfBoundsException("truncate to " + to + " of " + position);
        }
        position = to;
    }

    public void reset() {
        position = 0;
    }

    /** The backing array, valid up to {@link #position()} until the next write. */
    public byte[] array() {
        return bytes;
    }

    public Bytes slice(int from, int to) {
        if (to > position) {
            throw new IndexOutOfBoundsException("slice to " + to + " of " + position);
        }
        return Bytes.copyOf(bytes, from, to);
    }

    public Bytes toBytes() {
        return slice(0, position);
    }

    public CanonicalBuffer raw(byte value) {
        ensure(1);
        bytes[position++] = value;
        return this;
    }

    public CanonicalBuffer raw(byte[] piece) {
        return raw(piece, 0, piece.length);
    }

    CanonicalBuffer raw(byte[] source, int from, int to) {
        ensure(to - from);
        System.arraycopy(source, from, bytes, position, to - from);
        position += to - from;
        return this;
    }

    public CanonicalBuffer raw(Bytes piece) {
        ensure(piece.length());
        piece.copyTo(bytes, position);
        position += piece.length();
        return this;
    }

    /** Writes ASCII that is JSON already: punctuation and member names. */
    @SuppressWarnings("deprecation") // the low bytes are exactly what is wanted, and no encoder runs
    public CanonicalBuffer ascii(String json) {
        int length = json.length();
        ensure(length);
        json.getBytes(0, length, bytes, position);
        position += length;
        return this;
    }

    public CanonicalBuffer copyRange(CanonicalBuffer other, int from, int to) {
        ensure(to - from);
        System.arraycopy(other.bytes, from, bytes, position, to - from);
        position += to - from;
        return this;
    }

    /** Writes text as a quoted string; a lone surrogate is refused, for it has no UTF-8 form. */
    public CanonicalBuffer string(String text) {
        Bytes utf8;
        try {
            utf8 = Bytes.utf8(text);
        } catch (IllegalArgumentException loneSurrogate) {
            throw new JsonException("a string holds a lone surrogate, which has no UTF-8 form");
        }
        byte[] source = utf8.toByteArray();
        return utf8String(source, 0, source.length);
    }

    /** Writes {@code length} bytes of UTF-8 as a quoted string, refusing whatever is not well formed (RFC 3629). */
    public CanonicalBuffer utf8String(byte[] source, int from, int length) {
        ensure(2 + 6 * length);
        byte[] out = bytes;
        int at = position;
        int end = from + length;
        out[at++] = '"';
        int i = from;
        while (i < end) {
            // Nearly all text is plain: eight bytes at a time until one needs a look.
            while (end - i >= Long.BYTES) {
                long eight = (long) Wide.EIGHT.get(source, i);
                if (!isPlain(eight)) {
                    break;
                }
                Wide.EIGHT.set(out, at, eight);
                i += Long.BYTES;
                at += Long.BYTES;
            }
            if (i == end) {
                break;
            }
            byte b = source[i];
            if (b >= 0x20) {
                if (b == '"' || b == '\\') {
                    out[at++] = '\\';
                }
                out[at++] = b;
                i++;
            } else if (b >= 0) {
                at = control(out, at, b);
                i++;
            } else {
                int width = Utf8.width(source, i, end);
                if (width == 0) {
                    throw JsonException.at(i - from, "a string is not well-formed UTF-8");
                }
                for (int k = 0; k < width; k++) {
                    out[at++] = source[i++];
                }
            }
        }
        out[at++] = '"';
        position = at;
        return this;
    }

    /** No byte is a control character, a quote, a backslash or beyond ASCII; may say no where yes were right. */
    private static boolean isPlain(long eight) {
        long control = eight - 0x2020202020202020L;
        long quote = (eight ^ 0x2222222222222222L) - 0x0101010101010101L;
        long backslash = (eight ^ 0x5c5c5c5c5c5c5c5cL) - 0x0101010101010101L;
        return ((eight | control | quote | backslash) & 0x8080808080808080L) == 0;
    }

    private static int control(byte[] out, int from, byte b) {
        int at = from;
        out[at++] = '\\';
        switch (b) {
            case '\b' -> out[at++] = 'b';
            case '\t' -> out[at++] = 't';
            case '\n' -> out[at++] = 'n';
            case '\f' -> out[at++] = 'f';
            case '\r' -> out[at++] = 'r';
            default -> {
                out[at++] = 'u';
                out[at++] = '0';
                out[at++] = '0';
                out[at++] = HEX[b >> 4];
                out[at++] = HEX[b & 15];
            }
        }
        return at;
    }

    /** Writes an integer; outside ±(2^53 − 1) it would not survive other JSON readers and is refused. */
    public CanonicalBuffer number(long value) {
        if (value > NUMBER_MAX || value < -NUMBER_MAX) {
            throw new JsonException("the number " + value + " lies outside ±(2^53 − 1); write it as a string");
        }
        ensure(17);
        if (value == 0) {
            bytes[position++] = '0';
            return this;
        }
        long rest = Math.abs(value);
        if (value < 0) {
            bytes[position++] = '-';
        }
        int digits = 0;
        for (long v = rest; v > 0; v /= 10) {
            digits++;
        }
        position += digits;
        for (int at = position - 1; rest > 0; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return this;
    }

    public CanonicalBuffer bool(boolean value) {
        return ascii(value ? "true" : "false");
    }

    public CanonicalBuffer hexString(byte[] source, int from, int length) {
        ensure(2 + 2 * length);
        byte[] out = bytes;
        int at = position;
        out[at++] = '"';
        for (int i = from; i < from + length; i++) {
            Wide.TWO.set(out, at, Wide.HEX_PAIRS[source[i] & 0xff]);
            at += 2;
        }
        out[at++] = '"';
        position = at;
        return this;
    }

    public CanonicalBuffer hexString(Digest digest) {
        ensure(2 + 2 * Digest.LENGTH);
        // The bytes go to where the second half of their digits will be: each is read before a digit takes its place.
        int source = position + 1 + Digest.LENGTH;
        digest.copyTo(bytes, source);
        return hexString(bytes, source, Digest.LENGTH);
    }

    public CanonicalBuffer base64String(byte[] source, int from, int length) {
        ensure(2 + 4 * ((length + 2) / 3));
        bytes[position++] = '"';
        int i = from;
        int end = from + length;
        while (i < end) {
            int left = end - i;
            int group = (source[i] & 0xff) << 16
                    | (left > 1 ? (source[i + 1] & 0xff) << 8 : 0)
                    | (left > 2 ? source[i + 2] & 0xff : 0);
            bytes[position++] = BASE64[group >> 18];
            bytes[position++] = BASE64[group >> 12 & 63];
            bytes[position++] = left > 1 ? BASE64[group >> 6 & 63] : (byte) '=';
            bytes[position++] = left > 2 ? BASE64[group & 63] : (byte) '=';
            i += 3;
        }
        bytes[position++] = '"';
        return this;
    }

    /** Writes a time as a quoted string; outside the years 0001 to 9999 it is refused. */
    public CanonicalBuffer time(long epochMillis) {
        if (!Timestamp.isWritable(epochMillis)) {
            throw new JsonException("the time " + epochMillis + " ms from 1970 lies outside the years 0001 to 9999");
        }
        ensure(26);
        bytes[position] = '"';
        new Timestamp(epochMillis).writeTo(bytes, position + 1);
        bytes[position + 25] = '"';
        position += 26;
        return this;
    }

    private void ensure(int more) {
        if (bytes.length - position < more) {
            long wanted = Math.max((long) position + more, 2L * bytes.length);
            if ((long) position + more > Integer.MAX_VALUE - 16) {
                throw new JsonException("a JSON text passes 2 GiB");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 16));
        }
    }

    /** Several bytes at a time. Apart, because the first use of such a handle costs a process that starts 20 ms. */
    private static final class Wide {
        static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
        static final VarHandle TWO = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
        /** The two hex digits of each byte, as {@link #TWO} writes them. */
        static final short[] HEX_PAIRS = hexPairs();

        private static short[] hexPairs() {
            short[] pairs = new short[256];
            for (int i = 0; i < pairs.length; i++) {
                pairs[i] = (short) (HEX[i & 15] << 8 | HEX[i >> 4]);
            }
            return pairs;
        }
    }
}
