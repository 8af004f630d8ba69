package dev.terraseal.core.bytes;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A SHA-256 value: exactly 32 bytes (FIPS 180-4). Text form is lower-case hex, or base64 for Merkle hashes. */
public final class Digest implements Comparable<Digest> {
    public static final int LENGTH = 32;

    private static final ThreadLocal<MessageDigest> OF_THREAD = ThreadLocal.withInitial(Digest::sha256);

    private final byte[] value;

    private Digest(byte[] value) {
        if (value.length != LENGTH) {
            throw new IllegalArgumentException("a SHA-256 digest has 32 bytes, not " + value.length);
        }
        this.value = value;
    }

    /** SHA-256 over the concatenation of the parts. */
    public static Digest of(Bytes... parts) {
        MessageDigest sha256 = sha256OfThread();
        for (Bytes part : parts) {
            part.update(sha256);
        }
        return new Digest(sha256.digest());
    }

    public static Digest of(byte[] bytes, int from, int length) {
        MessageDigest sha256 = sha256OfThread();
        sha256.update(bytes, from, length);
        return new Digest(sha256.digest());
    }

    /** As {@link #of(byte[], int, int)} with {@code sha256} from {@link #sha256()}, kept by the caller to save its making. */
    public static Digest of(MessageDigest sha256, byte[] bytes, int from, int length) {
        sha256.update(bytes, from, length);
        return finish(sha256);
    }

    /** Finishes and resets {@code sha256}, which must come from {@link #sha256()}. */
    public static Digest finish(MessageDigest sha256) {
        return new Digest(sha256.digest());
    }

    public static Digest copyOf(byte[] bytes) {
        return new Digest(bytes.clone());
    }

    public static Digest copyOf(byte[] bytes, int from) {
        return new Digest(Arrays.copyOfRange(bytes, from, from + LENGTH));
    }

    public static Digest fromBytes(Bytes bytes) {
        return new Digest(bytes.toByteArray());
    }

    public static Digest fromHex(String hex) {
        return fromBytes(Bytes.fromHex(hex));
    }

    /** As {@link #fromHex(String)} of {@code text[from, to)}, which is well-formed UTF-8. */
    public static Digest fromHex(byte[] text, int from, int to) {
        byte[] read = new byte[LENGTH];
        boolean whole = to - from == 2 * LENGTH && Bytes.readHex(text, from, read);
        return whole ? new Digest(read) : fromHex(new String(text, from, to - from, StandardCharsets.UTF_8));
    }

    /** Reads canonical base64; a path of a batch is ten of these an entry, so what is well formed is read directly. */
    public static Digest fromBase64(String text) {
        byte[] latin = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] read = Base64Digest.read(latin, 0, latin.length);
        return read != null ? new Digest(read) : fromBytes(Bytes.fromBase64(text));
    }

    /** As {@link #fromBase64(String)} of {@code text[from, to)}, which is well-formed UTF-8. */
    public static Digest fromBase64(byte[] text, int from, int to) {
        byte[] read = Base64Digest.read(text, from, to);
        return read != null ? new Digest(read) : fromBase64(new String(text, from, to - from, StandardCharsets.UTF_8));
    }

    /**
     * The JDK's own SHA-256, by provider name: it runs at the speed of the hardware, and a Bouncy Castle installed
     * higher in the provider list would cost a factor of seven.
     */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256", "SUN");
        } catch (NoSuchAlgorithmException | java.security.NoSuchProviderException notSun) {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException none) {
                throw new IllegalStateException("every Java platform must have SHA-256; this one has not", none);
            }
        }
    }

    /**
     * A {@link #sha256()} of this thread, for what is hashed in one go: finish it before anything else is called that hashes.
     * To make one takes as long as to hash an entry hash with it.
     */
    public static MessageDigest sha256OfThread() {
        return OF_THREAD.get();
    }

    public Bytes bytes() {
        return Bytes.copyOf(value);
    }

    public byte[] toByteArray() {
        return value.clone();
    }

    public void copyTo(byte[] target, int at) {
        System.arraycopy(value, 0, target, at, LENGTH);
    }

    public void update(MessageDigest digest) {
        digest.update(value);
    }

    /** Bytes {@code 8 * index} to {@code 8 * index + 7} as one big-endian number, for tables keyed by part of a digest. */
    public long word(int index) {
        long word = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            word = word << 8 | value[Long.BYTES * index + i] & 0xff;
        }
        return word;
    }

    public String hex() {
        return HexFormat.of().formatHex(value);
    }

    public String base64() {
        return java.util.Base64.getEncoder().encodeToString(value);
    }

    @Override
    public int compareTo(Digest other) {
        return Arrays.compareUnsigned(value, other.value);
    }

    /** Takes the same time wherever the first difference is. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Digest that && MessageDigest.isEqual(value, that.value);
    }

    @Override
    public int hashCode() {
        return (value[0] & 0xff) << 24 | (value[1] & 0xff) << 16 | (value[2] & 0xff) << 8 | value[3] & 0xff;
    }

    @Override
    public String toString() {
        return hex();
    }
}
