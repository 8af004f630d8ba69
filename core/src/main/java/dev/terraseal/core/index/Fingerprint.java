package dev.terraseal.core.index;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * What the index remembers of an accepted event: the first 128 bits of SHA-256(stream ‖ 0x00 ‖ id) and the first 64 bits
 * of its content digest. The content covers stream and id too, so an event that is taken for a duplicate although it is
 * not in the log needs 192 chosen bits of SHA-256 to agree.
 */
public record Fingerprint(long keyHigh, long keyLow, long content) {
    /** The fingerprint of an event. {@code sha256} is {@link Digest#sha256()}, kept by the caller to save its allocation. */
    public static Fingerprint of(MessageDigest sha256, StreamId stream, EventId id, Digest contentDigest) {
        sha256.update(stream.value().getBytes(StandardCharsets.ISO_8859_1)); // both alphabets are ASCII
        sha256.update((byte) 0);
        sha256.update(id.value().getBytes(StandardCharsets.ISO_8859_1));
        Digest key = Digest.finish(sha256);
        return new Fingerprint(key.word(0), key.word(1), contentDigest.word(0));
    }

    /** The 16 hex digits with which the content digest begins. */
    public String contentPrefix() {
        return prefix(content);
    }

    static String prefix(long content) {
        return java.util.HexFormat.of().toHexDigits(content);
    }
}
