package dev.terraseal.core.canonical;

import dev.terraseal.core.bytes.Bytes;
import java.nio.charset.StandardCharsets;

/**
 * Where a parsed value stands in its text. The text is its own canonical form, so writing the value again is copying these
 * bytes. The array is the parser's own and never changes.
 */
final class Source {
    private final byte[] text;
    private final int from;
    private final int to;
    private final boolean plain;

    /** @param plain whether a string holds no escape, so that its text is these bytes */
    Source(byte[] text, int from, int to, boolean plain) {
        this.plain = plain;
        this.text = text;
        this.from = from;
        this.to = to;
    }

    void writeTo(CanonicalBuffer out) {
        out.raw(text, from, to);
    }

    Bytes bytes() {
        return Bytes.copyOf(text, from, to);
    }

    /** The text between the quotes of a string that was found well formed. */
    String text() {
        int end = to - 1;
        int at = from + 1;
        if (plain) {
            return new String(text, at, end - at, StandardCharsets.UTF_8);
        }
        StringBuilder out = new StringBuilder(end - from);
        while (at < end) {
            if (text[at] == '\\') {
                out.append(escaped(at));
                at += text[at + 1] == 'u' ? 6 : 2;
            } else {
                int run = at;
                while (at < end && text[at] != '\\') {
                    at++;
                }
                out.append(new String(text, run, at - run, StandardCharsets.UTF_8));
            }
        }
        return out.toString();
    }

    private char escaped(int at) {
        byte b = text[at + 1];
        return switch (b) {
            case 'b' -> '\b';
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'f' -> '\f';
            case 'r' -> '\r';
            // Only control characters are written so: two zeros and two digits.
            case 'u' -> (char) (Character.digit(text[at + 4], 16) << 4 | Character.digit(text[at + 5], 16));
            default -> (char) b;
        };
    }
}
