package dev.terraseal.core.bytes;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * An immutable byte string with value equality. Records hold this and never {@code byte[]}, whose equality is identity.
 *
 * <p>Ordering is that of unsigned bytes, shorter first on a common prefix.
 */
public final class Bytes implements Comparable<Bytes> {
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private static final HexFormat HEX = HexFormat.of();
    /** What each lower-case digit is worth, and −1 for every other character. */
    private static final byte[] NIBBLES = nibbles();

    private final byte[] value;

    private Bytes(byte[] value) {
        this.value = value;
    }

    public static Bytes copyOf(byte[] source) {
        return new Bytes(source.clone());
    }

    public static Bytes copyOf(byte[] source, int from, int to) {
        return new Bytes(Arrays.copyOfRange(source, from, to));
    }

    /** Takes ownership: the caller must never touch {@code source} again, or the value stops being immutable. */
    public static Bytes wrap(byte[] source) {
        return new Bytes(source);
    }

    /** The UTF-8 form of well-formed text. Text with a lone surrogate has none and is refused, never replaced. */
    public static Bytes utf8(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    throw new IllegalArgumentException("text holds a lone surrogate and has no UTF-8 form");
                }
                i++;
            }
        }
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads lower-case hex; anything else is an {@link IllegalArgumentException}. */
    public static Bytes fromHex(String hex) {
        if (hex.length() % 2 != 0) {
            throw new IllegalArgumentException("hex has two digits a byte, and these are " + hex.length());
        }
        byte[] out = new byte[hex.length() / 2];
        for (int i = 0; i < out.length; i++) {
            int high = nibble(hex.charAt(2 * i));
            int low = nibble(hex.charAt(2 * i + 1));
            if ((high | low) < 0) {
                throw new IllegalArgumentException("not lower-case hex at character " + (high < 0 ? 2 * i : 2 * i + 1));
            }
            out[i] = (byte) (high << 4 | low);
        }
        return new Bytes(out);
    }

    /** Fills {@code out} from two digits a byte; false if one of them is no lower-case hex. */
    static boolean readHex(byte[] text, int from, byte[] out) {
        int wrong = 0;
        for (int i = 0; i < out.length; i++) {
            int high = nibble((char) text[from + 2 * i]);
            int low = nibble((char) text[from + 2 * i + 1]);
            wrong |= high | low;
            out[i] = (byte) (high << 4 | low);
        }
        return wrong >= 0;
    }

    private static int nibble(char c) {
        return c < NIBBLES.length ? NIBBLES[c] : -1;
    }

    private static byte[] nibbles() {
        byte[] nibbles = new byte['f' + 1];
        Arrays.fill(nibbles, (byte) -1);
        for (int i = 0; i < 16; i++) {
            nibbles[Character.forDigit(i, 16)] = (byte) i;
        }
        return nibbles;
    }

    /**
     * Reads RFC 4648 §4 base64 with padding in its one canonical form: other alphabets, missing padding, line breaks
     * and non-zero trailing bits are refused, so that one value has one text.
     */
    public static Bytes fromBase64(String text) {
        byte[] decoded = Base64.getDecoder().decode(text);
        // The decoder takes missing padding and any bits after the last byte; both show in the last group.
        int whole = decoded.length - decoded.length % 3;
        String last = Base64.getEncoder().encodeToString(Arrays.copyOfRange(decoded, whole, decoded.length));
        if (text.length() != whole / 3 * 4 + last.length() || !text.endsWith(last)) {
            throw new IllegalArgumentException("not canonical base64 (RFC 4648 section 4, with padding)");
        }
        return new Bytes(decoded);
    }

    public static Bytes concat(Bytes... parts) {
        int length = 0;
        for (Bytes part : parts) {
            length = Math.addExact(length, part.value.length);
        }
        byte[] out = new byte[length];
        int at = 0;
        for (Bytes part : parts) {
            System.arraycopy(part.value, 0, out, at, part.value.length);
            at += part.value.length;
        }
        return new Bytes(out);
    }

    public int length() {
        return value.length;
    }

    public boolean isEmpty() {
        return value.length == 0;
    }

    public byte at(int index) {
        return value[index];
    }

    public Bytes slice(int from, int to) {
        if (from < 0 || to > value.length || from > to) {
            throw new IndexOutOfBoundsException("slice " + from + ".." + to + " of " + value.length + " bytes");
        }
        return new Bytes(Arrays.copyOfRange(value, from, to));
    }

    public byte[] toByteArray() {
        return value.clone();
    }

    public ByteBuffer asReadOnlyBuffer() {
        return ByteBuffer.wrap(value).asReadOnlyBuffer();
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(value);
    }

    public void copyTo(byte[] target, int at) {
        System.arraycopy(value, 0, target, at, value.length);
    }

    /** Where these bytes and the first {@code length} of {@code other} differ first, or −1; the end of either is a difference. */
    public int mismatch(byte[] other, int length) {
        return Arrays.mismatch(value, 0, value.length, other, 0, length);
    }

    public void update(MessageDigest digest) {
        digest.update(value);
    }

    public String hex() {
        return HEX.formatHex(value);
    }

    public String base64() {
        return Base64.getEncoder().encodeToString(value);
    }

    /** The text these bytes are in UTF-8; bytes that are not well-formed UTF-8 are an {@link IllegalArgumentException}. */
    public String utf8() {
        String text = new String(value, StandardCharsets.UTF_8);
        // What was malformed became U+FFFD, which has other bytes.
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), value)) {
            throw new IllegalArgumentException("not well-formed UTF-8");
        }
        return text;
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(value, other.value);
    }

    /** Takes the same time wherever the first difference is. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && MessageDigest.isEqual(value, that.value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(value);
    }

    /** A short form for messages; use {@link #hex()} for the value. */
    @Override
    public String toString() {
        return value.length <= 32 ? hex() : HEX.formatHex(value, 0, 16) + "… (" + value.length + " bytes)";
    }
}
