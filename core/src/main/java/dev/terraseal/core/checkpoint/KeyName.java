package dev.terraseal.core.checkpoint;

import java.nio.charset.StandardCharsets;

/**
 * The rule for the names of note keys: not empty, no Unicode space, no plus sign, no control character, and at most 255
 * bytes, for a cosigned message has one byte for their number.
 */
final class KeyName {
    private static final int MAX_BYTES = 255;

    private KeyName() {}

    static boolean isValid(String name) {
        if (name.isEmpty() || name.length() > MAX_BYTES || name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            return false;
        }
        for (int at = 0; at < name.length(); at += Character.charCount(name.codePointAt(at))) {
            if (isRefused(name.codePointAt(at))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isRefused(int c) {
        // U+0085 is a space to Unicode's White_Space property (and to Go's note package) but to neither Java predicate.
        return c == '+' || c < 0x20 || c == 0x85 || Character.isSpaceChar(c) || Character.isWhitespace(c);
    }
}
